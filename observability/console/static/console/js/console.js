import { startCharts } from "./charts.js";
import { startLive } from "./live.js";

startCharts();
startLive();
// Where the navigation is one line, the page one is on may lie outside it.
document.querySelector(".console-nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

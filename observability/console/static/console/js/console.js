import { startCharts } from "./charts.js";
import { startLive } from "./live.js";

startCharts();
startLive();

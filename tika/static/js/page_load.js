// Tells how long the largest part of this page took to appear: one number, from one in four loads, when the reader leaves.
const SHARE = 0.25;
const KIND = "largest-contentful-paint";

export function startPageLoad() {
  // What is loaded in the background is painted when somebody looks, however late that is.
  const isSeen = document.visibilityState === "visible";
  if (!isSeen || !PerformanceObserver.supportedEntryTypes?.includes(KIND) || Math.random() >= SHARE) return;
  let milliseconds = 0;
  const observer = new PerformanceObserver((list) => {
    milliseconds = list.getEntries().at(-1).startTime;
  });
  observer.observe({ type: KIND, buffered: true });
  const tell = () => {
    for (const entry of observer.takeRecords()) milliseconds = entry.startTime;
    if (milliseconds) navigator.sendBeacon("/beacon", JSON.stringify({ lcp_ms: Math.round(milliseconds) }));
    milliseconds = 0;
    observer.disconnect();
  };
  addEventListener("visibilitychange", tell, { once: true });
  addEventListener("pagehide", tell, { once: true });
}

// Keeps the staff figures current. The server draws them: when it says that they have changed, the page is
// fetched again and its figures are put in place of the old ones. Without this module a reload does the same.
const old = document.getElementById("figures");
const status = document.getElementById("live");
let version = old.dataset.version;
let latest = 0;

const events = new EventSource(old.dataset.live);
events.addEventListener("open", () => say("Live"));
events.addEventListener("error", () => say("Connection lost; trying again. The figures below may be old"));
events.addEventListener("heartbeat", () => say("Live"));
events.addEventListener("figures", async event => {
  if (event.lastEventId === version) return;
  const mine = ++latest;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.getElementById("figures");
  if (!fresh || mine !== latest) return; // signed out meanwhile, or overtaken by the next change
  const scrolled = [...document.querySelectorAll("#figures .scroll")].map(box => [box.scrollTop, box.scrollLeft]);
  const focused = [...document.querySelectorAll("#figures .scroll")].indexOf(document.activeElement);
  document.getElementById("figures").replaceChildren(...fresh.childNodes);
  const boxes = document.querySelectorAll("#figures .scroll");
  scrolled.forEach(([top, left], i) => boxes[i]?.scrollTo(left, top));
  boxes[focused]?.focus({ preventScroll: true });
  version = event.lastEventId;
  say(`Live. Changed at ${new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}`);
});

function say(words) {
  if (status.textContent !== words && !(words === "Live" && status.textContent.startsWith("Live"))) status.textContent = words;
}

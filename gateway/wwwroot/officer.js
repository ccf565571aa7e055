// Keeps what an officer does without signal, and sends it once there is some: each form's fields with a key and the time, until an answer of 2xx or 4xx has come.
// Forms without data-step (the words she hears, the sealed form) are never kept. Without this module every form works as it stands.
const box = document.getElementById("outbox");
const { home, who, worker } = box.dataset;
const texts = JSON.parse(box.dataset.texts);
const say = (text, ...values) => values.reduce((said, value, n) => said.replaceAll(`{${n}}`, value), texts[text] ?? text);
const onceDone = document.querySelectorAll("form[data-once]");

const opening = new Promise((done, fail) => {
  const open = indexedDB.open("walktalk-officer", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("outbox", { keyPath: "id", autoIncrement: true });
  open.onsuccess = () => done(open.result);
  open.onerror = () => fail(open.error);
});
const store = async (mode, work) => {
  const transaction = (await opening).transaction("outbox", mode);
  const asked = work(transaction.objectStore("outbox"));
  return new Promise((done, fail) => { transaction.oncomplete = () => done(asked.result); transaction.onerror = () => fail(transaction.error); });
};
const mine = async () => (await store("readonly", s => s.getAll())).filter(entry => entry.who === who);
const keep = entry => store("readwrite", s => s.put(entry));
const drop = entry => store("readwrite", s => s.delete(entry.id));

document.addEventListener("submit", async event => {
  const form = event.target;
  if (form.getAttribute("action") === "/sign-out") return leave(event, form);
  if (!form.dataset.step) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const fields = [...new FormData(form)].filter(([name]) => name !== "__RequestVerificationToken");
  if (!fields.some(([name]) => name === "_key")) fields.push(["_key", crypto.randomUUID()]);
  await keep({ who, url: form.action, step: form.dataset.step, says: form.dataset.says, at: Date.now(), fields });
  const arrived = await send();
  if (arrived) { location.assign(arrived); return; }
  form.reset();
  form.closest("details")?.removeAttribute("open");
  delete form.dataset.busy;
  box.scrollIntoView({ block: "start" });
});

// Signing out empties the phone (the server's answer does it, with cache and worker); what is not sent would be lost.
async function leave(event, form) {
  if (form.dataset.sure) return;
  event.preventDefault();
  const waiting = (await mine()).length;
  if (waiting > 0 && !confirm(waiting === 1 ? say("1 note is not sent yet. Sign out and lose it?") : say("{0} notes are not sent yet. Sign out and lose them?", waiting))) return;
  form.dataset.sure = "yes";
  form.requestSubmit();
}

// One tab at a time, in the order of what happened. Answers where the last one led to.
let trouble = "";
const send = () => navigator.locks.request("walktalk-outbox", async () => {
  let arrived;
  try {
    if ((await mine()).some(waits)) arrived = await sendAll();
    else trouble = navigator.onLine ? "" : say("No signal");
  } catch {
    trouble = say("No signal");
  }
  await show();
  return arrived;
});
const waits = entry => !entry.refused;

async function sendAll() {
  const page = await fetch(home, { cache: "no-store" });
  if (new URL(page.url).pathname !== home) { trouble = say("Sign in again to send"); return; }
  if (!page.ok) { trouble = say("WalkTalk does not answer"); return; }
  const ahead = Date.now() - Date.parse(page.headers.get("date"));
  const token = read(await page.text()).querySelector("[name=__RequestVerificationToken]").value;
  const held = new Set((await mine()).filter(e => e.refused && e.step === "start").map(walk));
  let arrived;
  for (const entry of (await mine()).filter(waits)) {
    if (held.has(walk(entry)) && entry.step !== "help") continue;
    // The time is settled once: a second try is the same request.
    entry.happened ??= new Date(Math.min(entry.at - ahead, Date.now() - ahead)).toISOString();
    await keep(entry);
    const body = new URLSearchParams([...entry.fields, ["_at", entry.happened], ["__RequestVerificationToken", token]]);
    const answer = await fetch(entry.url, { method: "POST", body });
    if (answer.ok && new URL(answer.url).pathname.startsWith(home + "/")) {
      await drop(entry);
      arrived = answer.url;
    } else if (answer.status >= 400 && answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
      entry.refused = words(read(await answer.text()));
      await keep(entry);
      arrived = undefined;
      if (entry.step === "start") held.add(walk(entry));
    } else {
      trouble = answer.ok || answer.status === 401 ? say("Sign in again to send") : say("WalkTalk does not answer");
      return;
    }
  }
  trouble = "";
  return (await mine()).length === 0 ? arrived : undefined;
}

const read = html => new DOMParser().parseFromString(html, "text/html");
const walk = entry => new URL(entry.url).pathname;
const words = page => [...page.querySelectorAll(".errors li")].map(li => li.textContent.trim()).join(" ") || page.querySelector("h1")?.textContent || say("It was refused.");
const clock = at => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

async function show() {
  const entries = await mine(), waiting = entries.filter(waits).length;
  for (const form of onceDone) (form.closest("details") ?? form).hidden = entries.some(e => e.step === form.dataset.step && walk(e) === new URL(form.action).pathname);
  box.hidden = entries.length === 0 && !trouble;
  box.className = entries.some(e => e.refused) ? "note stop" : "note warn";
  box.replaceChildren();
  const status = add(box, "p", `${trouble || say("Signal is back")}. ${waiting === 0 ? say("Nothing waits on this phone.") : waiting === 1 ? say("1 note saved on this phone.") : say("{0} notes saved on this phone.", waiting)}`);
  status.setAttribute("role", "status");
  const list = add(box, "ul", "", "list");
  for (const entry of entries) {
    const row = add(list, "li", entry.refused ? say("{0}, {1} was refused: {2}", entry.says, clock(entry.at), entry.refused) : `${entry.says}, ${clock(entry.at)}`);
    if (!entry.refused) continue;
    add(row, "p", say("Put it right with the coordinator, then try again; or take it away."));
    const choices = add(row, "p", "", "row");
    press(choices, say("Try again"), async () => { delete entry.refused; await keep(entry); await sendNow(); });
    press(choices, say("Take it away"), async () => { await drop(entry); await show(); });
  }
  if (waiting > 0) press(box, say("Send now"), sendNow);
}

const sendNow = async () => { const arrived = await send(); if (arrived) location.assign(arrived); };

function add(to, kind, text, name = "") {
  const node = document.createElement(kind);
  node.textContent = text;
  node.className = name;
  to.append(node);
  return node;
}

function press(to, text, act) {
  const button = add(to, "button", text, "btn plain");
  button.type = "button";
  button.addEventListener("click", act);
}

// With signal, the day sheet she looks at and the page of each walk on it are kept anew; all others go.
async function keepPages() {
  const page = await fetch(location.href, { cache: "no-store" });
  if (!page.ok || new URL(page.url).pathname !== home) return;
  const sheet = read(await page.clone().text());
  const walks = [...sheet.querySelectorAll(`main a[href^="${home}/walks/"]`)].map(a => a.getAttribute("href").replace("?", "/without-signal?"));
  const shell = [...sheet.querySelectorAll("link[href^='/assets/'], script[src^='/assets/']")].map(a => a.getAttribute("href") ?? a.getAttribute("src"));
  const fresh = await Promise.all([...walks, ...shell].map(async url => [url, await fetch(url)]));
  await caches.delete("walktalk-officer");
  const cache = await caches.open("walktalk-officer");
  await cache.put(home, page);
  for (const [url, answer] of fresh) if (answer.ok && !answer.redirected) await cache.put(url, answer);
}

if (navigator.onLine) await send(); else { trouble = say("No signal"); await show(); }
addEventListener("online", sendNow);
addEventListener("offline", () => { trouble = say("No signal"); show(); });
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register(worker, { scope: home }).catch(() => undefined);
  if (location.pathname === home) await keepPages().catch(() => undefined);
}

// Serves an officer's pages from what officer.js has kept, when there is no signal. It keeps nothing itself, and answers for no other page:
// its scope is /{force}/officer.
const scope = new URL(self.registration.scope).pathname;
const patience = 8000, oldest = 20 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", event => {
  const { request } = event, { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname !== scope && !pathname.startsWith(scope + "/")) return;
    event.respondWith(fetch(request, { signal: AbortSignal.timeout(patience) }).catch(() => page(pathname)));
  } else if (pathname.startsWith("/assets/")) {
    event.respondWith(fetch(request).catch(async () => await kept(pathname) ?? Response.error()));
  }
});

// Her day sheet, or of a walk the page that needs no signal. Yesterday's is nobody's business.
async function page(pathname) {
  const found = await kept(pathname.startsWith(scope + "/walks/") ? pathname.replace(/(\/without-signal)?$/, "/without-signal") : scope) ?? await kept(scope);
  if (found && Date.now() - Date.parse(found.headers.get("date")) < oldest) return found;
  await caches.delete("walktalk-officer");
  return Response.error();
}

async function kept(pathname) {
  return await caches.has("walktalk-officer") ? (await caches.open("walktalk-officer")).match(pathname, { ignoreSearch: true, ignoreVary: true }) : undefined;
}

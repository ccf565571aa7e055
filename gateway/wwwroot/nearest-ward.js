// "Choose the ward I am in", "Use where I am now": compares the device's position with the wards' centres, here in the page, and chooses in the list.
// The position is sent nowhere. Without this module, or without her leave, she chooses the ward herself.
const here = document.getElementById("here");
const list = document.querySelector(`select[name="${here.dataset.list}"]`);
const distance = document.querySelector("select[name=km]"); // only where walks are looked for
const byList = document.querySelector("input[name=Place][value=list]"); // only where the list is one of several ways
const status = here.querySelector("[role=status]");
const farthest = Number(here.dataset.km); // from a ward's centre; farther away she is in no ward of this force

if (navigator.geolocation) {
  here.hidden = false;
  here.querySelector("button").addEventListener("click", () => {
    say(here.dataset.asking);
    navigator.geolocation.getCurrentPosition(choose, () => say(here.dataset.failed), { maximumAge: 300000, timeout: 15000 });
  });
}

function choose({ coords }) {
  const [nearest] = here.dataset.wards.split(" ").map(ward => ward.split(","))
    .map(([code, lat, lng]) => ({ code, km: 111.195 * Math.hypot(lat - coords.latitude, (lng - coords.longitude) * Math.cos(lat * Math.PI / 180)) }))
    .sort((a, b) => a.km - b.km);
  if (nearest.km > farthest) return say(here.dataset.far);
  list.value = nearest.code;
  if (distance) distance.value ||= "2";
  if (byList) byList.checked = true;
  say(here.dataset.found.replace("{0}", list.selectedOptions[0].text));
}

function say(words) {
  status.textContent = words;
}

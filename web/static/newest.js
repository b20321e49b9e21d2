// 有新待办: asked once a minute, while the page is in sight and the session lasts; the list itself stays as it is.
(() => {
  "use strict";
  const EVERY = 60000;
  const place = document.getElementById("newest");
  const known = new Set(place.dataset.known.split(" ").filter(Boolean));
  const wasCutOff = known.size >= Number(place.dataset.most);

  // Where there were more than were told, what stands behind the last one known has been there before.
  const cameSince = (told) => {
    const last = told.findLastIndex((each) => known.has(each));
    const heads = wasCutOff && last >= 0 ? told.slice(0, last) : told;
    return heads.filter((each) => !known.has(each)).length;
  };
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch("/tasks/newest", { headers: { "HX-Request": "true" }, cache: "no-store" }).catch(() => null);
    if (!answer || answer.status >= 500) return;
    if (!answer.ok || answer.redirected) {
      clearInterval(asking);
      return;
    }
    const number = cameSince(await answer.json());
    place.querySelector("b").textContent = number;
    place.querySelector("p").hidden = !number;
  };
  const asking = setInterval(ask, EVERY);
})();

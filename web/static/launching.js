// The board of a launch looks again while nobody has ticked anything and no portion is on its way.
// Nothing here is needed: 续办部署 and 刷新 stand on the page.
(() => {
  "use strict";
  const isBusy = () => document.hidden || document.querySelector("input[name=task]:checked, details[open], #work [hx-sync]");
  const asNow = () => {
    const now = new URL(location.href);
    ["moved", "said", "auto"].forEach((name) => now.searchParams.delete(name));
    return now.href;
  };
  setInterval(() => {
    if (!isBusy()) location.replace(asNow());
  }, 60000);
})();

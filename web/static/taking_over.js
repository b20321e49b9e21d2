// What changed on the page since it was served is taken from a new copy of it: the four parts at the right, sums,
// what the checks say of each place. Controls stay as they are, and so does the place somebody is typing at.
(() => {
  "use strict";
  const SAYS = ".jx-problems[id], .jx-before[id], .jx-remarks[id]";
  const holdsFocus = (element) => element.contains(document.activeElement);

  const replaceInside = (here, there) => {
    if (here && there && here.innerHTML !== there.innerHTML && !holdsFocus(here)) here.innerHTML = there.innerHTML;
  };
  // The element here that stands where `there` stands in the new page, found by an id inside it.
  const counterpart = (there) => {
    const named = [...there.querySelectorAll("[id]")].find((each) => document.getElementById(each.id) && !each.matches(SAYS));
    if (!named) return null;
    let depth = 0;
    for (let each = named; each !== there; each = each.parentElement) depth += 1;
    let here = document.getElementById(named.id);
    for (; depth > 0 && here; depth -= 1) here = here.parentElement;
    return here;
  };
  const sayings = (page, sheet) => {
    const there = page.getElementById("sheet");
    const ids = new Set([...there.querySelectorAll(SAYS)].map((each) => each.id));
    sheet.querySelectorAll(SAYS).forEach((each) => ids.has(each.id) || each.remove());
    there.querySelectorAll(SAYS).forEach((each) => {
      const known = document.getElementById(each.id);
      if (known) replaceInside(known, each);
      else counterpart(each.parentElement)?.append(document.importNode(each, true));
    });
    there.querySelectorAll(".jx-explain").forEach((each) => {
      const control = each.querySelector("textarea");
      if (control && !document.getElementById(control.id)) counterpart(each.parentElement)?.append(document.importNode(each, true));
    });
  };
  const computed = (page, sheet) => {
    const there = page.getElementById("sheet");
    there.querySelectorAll("output[id], .jx-fixed[id], .jx-section > h2[id]").forEach((each) => {
      replaceInside(document.getElementById(each.id), each);
    });
    there.querySelectorAll("input[id], select[id], textarea[id]").forEach((each) => {
      const here = document.getElementById(each.id);
      for (const name of ["aria-describedby", "aria-invalid"]) {
        if (!here || here.getAttribute(name) === each.getAttribute(name)) continue;
        if (each.hasAttribute(name)) here.setAttribute(name, each.getAttribute(name));
        else here.removeAttribute(name);
      }
    });
  };
  const beside = (page) => {
    replaceInside(document.querySelector("#rail .jx-contents"), page.querySelector("#rail .jx-contents"));
    page.querySelectorAll("#rail .jx-part").forEach((each) => replaceInside(document.getElementById(each.id), each));
    for (const id of ["ready", "returned"]) replaceInside(document.getElementById(id), page.getElementById(id));
  };

  // Who asked for the task meanwhile; where the same is told, what somebody types into an answer stays.
  const requests = (page) => {
    const [here, there] = [document.getElementById("takeover"), page.getElementById("takeover")];
    if (here && there && here.textContent !== there.textContent) replaceInside(here, there);
  };

  // What was in the way of 报送 and no longer is goes from the list on top.
  const stopped = (page) => {
    const list = document.getElementById("stopped");
    if (!list || holdsFocus(list)) return;
    const open = new Set([...page.querySelectorAll("#summary li:not(.jx-problem--answered) a")].map((each) => each.getAttribute("href")));
    list.querySelectorAll("li").forEach((each) => {
      const link = each.querySelector("a");
      if (link && !open.has(link.getAttribute("href"))) each.remove();
    });
    if (!list.querySelector("li")) list.remove();
  };

  window.jxTakeOver = (page, sheet) => {
    stopped(page);
    sayings(page, sheet);
    computed(page, sheet);
    beside(page);
    requests(page);
  };
})();

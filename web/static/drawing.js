// Draws a diagram, and marks it from the lists beside it, so that both always say the same.
(() => {
  "use strict";
  const canvas = document.getElementById("canvas");
  const told = document.getElementById("told");
  const zoom = document.getElementById("zoom");
  if (!canvas || !window.BpmnJS) return;

  const words = { done: "✓ 已办", now: "▶ 现在", added: "＋ 增", changed: "△ 改", gone: "－ 删" };
  const token = (state) => {
    const mark = document.createElement("span");
    mark.className = `jx-token jx-token--${state}`;
    mark.textContent = words[state];
    return mark;
  };
  // The box that opens the page an element lies on; false for what lies on the first page.
  const opener = (viewer, element) => {
    const page = viewer.get("canvas").findRoot(element).id;
    return page.endsWith("_plane") && page.slice(0, -"_plane".length);
  };
  const mark = (viewer, line) => {
    const { element, state, limit } = line.dataset;
    const shape = viewer.get("elementRegistry").get(element);
    if (!shape) return;
    if (words[state]) {
      viewer.get("canvas").addMarker(element, `jx-at-${state}`);
      viewer.get("overlays").add(element, { position: { bottom: 10, left: 0 }, html: token(state) });
      const box = state !== "done" && opener(viewer, shape);
      if (box) viewer.get("canvas").addMarker(box, "jx-holds");
    }
    if (limit) {
      const clock = document.createElement("span");
      clock.className = "jx-limit";
      clock.textContent = `⏱ ${limit}`;
      viewer.get("overlays").add(element, { position: { top: 4, left: 26 }, html: clock });
    }
  };
  const draw = async () => {
    told.textContent = "正在画图…";
    const drawing = await window.jxRead(told.parentElement, canvas.dataset.source, start);
    if (drawing === null) {
      told.textContent = "文字步骤与图一致。";
      return;
    }
    const viewer = new window.BpmnJS({ container: canvas });
    await viewer.importXML(drawing);
    document.querySelectorAll(".jx-drawing [data-element]").forEach((line) => mark(viewer, line));
    const now = document.querySelector(".jx-drawing [data-state='now']");
    if (now && viewer.get("elementRegistry").get(now.dataset.element)) {
      viewer.get("canvas").zoom(1);
      viewer.get("canvas").scrollToElement(now.dataset.element);
    } else viewer.get("canvas").zoom("fit-viewport", "auto");
    zoom.hidden = false;
    zoom.addEventListener("click", (there) => {
      const wanted = there.target.dataset.zoom;
      if (wanted === "fit") viewer.get("canvas").zoom("fit-viewport", "auto");
      else if (wanted) viewer.get("zoomScroll").stepZoom(wanted === "in" ? 1 : -1);
    });
    told.textContent = "可以拖动；标记与文字步骤一致。";
  };
  const start = () => draw().catch(() => {
    told.textContent = "图没有画出来。请刷新再试；文字步骤与图一致。";
  });
  start();
})();

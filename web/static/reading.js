// A part of a page that is read anew keeps what it shows: 正在更新… after a moment, 停止 after three seconds; one that
// cannot be read says so in its place, with 重试. Nothing here is needed: the whole page can be asked for again.
(() => {
  "use strict";
  if (window.jxRead) return;
  const SOON = 400;
  const LONG = 3000;

  const button = (words, does) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "jx-button";
    made.textContent = words;
    made.addEventListener("click", does);
    return made;
  };
  const clear = (place) => place.querySelectorAll(":scope > .jx-reading").forEach((each) => each.remove());
  const line = (place) => {
    const said = document.createElement("p");
    said.className = "jx-reading";
    said.setAttribute("role", "status");
    clear(place);
    place.prepend(said);
    return said;
  };
  // Says at `place` how long it takes; gives what ends that.
  const follow = (place, stop) => {
    clear(place);
    const begun = Date.now();
    let said = null;
    let waited = null;
    const soon = setTimeout(() => {
      said = line(place);
      said.textContent = "正在更新…";
    }, SOON);
    const long = setTimeout(() => {
      const seconds = document.createElement("span");
      const tell = () => { seconds.textContent = `数据较多，仍在读取（已 ${Math.round((Date.now() - begun) / 1000)} 秒）`; };
      said.replaceChildren(seconds, " ", button("停止", stop));
      tell();
      waited = setInterval(tell, 1000);
    }, LONG);
    return () => {
      [soon, long].forEach(clearTimeout);
      clearInterval(waited);
      if (said) said.remove();
    };
  };
  const failed = (place, answer, again) => {
    const number = /编号 ([0-9A-F]{4,})/.exec(answer);
    line(place).replaceChildren("这一块没有读出来。", button("重试", again), number ? ` 编号 ${number[1]}` : "");
  };

  // Reads a part; gives its text, or null where it was stopped or has said at `place` that it cannot be read. Refuses
  // what leads elsewhere: the session is over, say.
  window.jxRead = async (place, address, again) => {
    const halt = new AbortController();
    const end = follow(place, () => halt.abort());
    try {
      const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" }, signal: halt.signal });
      const text = await answer.text();
      if (answer.redirected || (!answer.ok && answer.status < 500)) throw new URIError("unread");
      if (answer.ok) return text;
      failed(place, text, again);
    } catch (fault) {
      if (fault instanceof URIError) throw fault;
      if (!halt.signal.aborted) failed(place, "", again);
    } finally {
      end();
    }
    return null;
  };

  // The parts htmx reads by itself, each at the place it puts them; the form of a task tells of itself.
  const ends = new Map();
  const halted = new WeakSet();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    if (elt.id === "sheet" || !target) return;
    ends.set(elt, follow(target, () => {
      halted.add(elt);
      window.htmx.trigger(elt, "htmx:abort");
    }));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, target, xhr, successful } = event.detail;
    ends.get(elt)?.();
    ends.delete(elt);
    if (!successful && !halted.delete(elt) && target?.isConnected && elt.id !== "sheet" && (xhr.status === 0 || xhr.status >= 500)) {
      failed(target, xhr.responseText || "", () => location.reload());
    }
  });
})();

/// What pages do beyond HTML: the contents follow the reader, listings can be copied, folds open in
/// print. A page without scripts is complete.
///
/// It holds no `<` and no `&`, so that a page stays well-formed XML.
enum Script {
  static let text = """
    (function () {
      var root = document.documentElement;
      root.classList.add("js");
      var nav = document.querySelector("nav.contents");
      var bar = document.querySelector(".bar");
      var place = bar ? bar.querySelector(".place") : null;
      var links = Array.from(nav.querySelectorAll("a[href^='#']"));
      var targets = links.map(function (link) {
        return document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
      });
      // A heading counts as read once it is above a line near the top, however far above: the band
      // that is observed reaches endlessly upward.
      var above = new Set();
      var atEnd = false;
      var last = null;
      function follow() {
        var best = null;
        targets.forEach(function (target, index) {
          if (above.has(target)) { best = links[index]; }
        });
        // The last section may be too short to reach the top.
        if (atEnd) { best = links[links.length - 1]; }
        if (best === last) { return; }
        last = best;
        links.forEach(function (link) { link.removeAttribute("aria-current"); });
        nav.querySelectorAll(".here").forEach(function (item) { item.classList.remove("here"); });
        if (place) { place.textContent = best ? best.textContent : ""; }
        if (!best) { return; }
        best.setAttribute("aria-current", "location");
        var item = best.closest(".toc > li");
        if (item) { item.classList.add("here"); }
        var box = best.getBoundingClientRect();
        if (box.bottom > nav.clientHeight || 0 > box.top) {
          nav.scrollTop += box.top - nav.clientHeight / 2;
        }
      }
      if (window.IntersectionObserver) {
        var headings = new IntersectionObserver(function (entries) {
          entries.forEach(function (entry) {
            above[entry.isIntersecting ? "add" : "delete"](entry.target);
          });
          follow();
        }, { rootMargin: "10000000px 0px -85% 0px" });
        targets.forEach(function (target) { if (target) { headings.observe(target); } });
        var end = document.createElement("div");
        end.className = "end";
        document.getElementById("text").appendChild(end);
        new IntersectionObserver(function (entries) {
          // A page without a scroll bar shows its end and its beginning.
          atEnd = entries[0].isIntersecting ? root.scrollHeight > 1.2 * innerHeight : false;
          follow();
        }).observe(end);
      }
      function open(isOpen) {
        nav.classList.toggle("open", isOpen);
        bar.setAttribute("aria-expanded", String(isOpen));
      }
      if (bar) {
        bar.addEventListener("click", function () { open(!nav.classList.contains("open")); });
        nav.addEventListener("click", function (event) {
          if (event.target.closest("a")) { open(false); }
        });
        addEventListener("keydown", function (event) {
          if (event.key !== "Escape") { return; }
          if (!nav.classList.contains("open")) { return; }
          // What had the focus is hidden now.
          if (nav.contains(document.activeElement)) { bar.focus(); }
          open(false);
        });
      }
      function reveal() {
        var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        for (var fold = target; fold; fold = fold.parentElement) {
          if (fold.tagName === "DETAILS") { fold.open = true; }
        }
      }
      addEventListener("hashchange", reveal);
      reveal();
      // Where no clipboard is given to a page, what would be copied is selected.
      function copy(element) {
        if (navigator.clipboard) { return navigator.clipboard.writeText(element.textContent); }
        getSelection().selectAllChildren(element);
        return document.execCommand("copy") ? Promise.resolve() : Promise.reject();
      }
      document.querySelectorAll("pre.code").forEach(function (pre) {
        var box = document.createElement("div");
        box.className = pre.classList.contains("program") ? "listing program" : "listing";
        pre.parentNode.insertBefore(box, pre);
        box.appendChild(pre);
        var button = document.createElement("button");
        button.type = "button";
        button.className = "copy";
        button.textContent = "Copy";
        button.setAttribute("aria-label", "Copy this code");
        button.addEventListener("click", function () {
          copy(pre).then(function () {
            button.textContent = "Copied";
            setTimeout(function () { button.textContent = "Copy"; }, 1500);
          }, function () { button.textContent = "Selected"; });
        });
        box.appendChild(button);
      });
      // Only what scrolls need be reached by the keyboard.
      var boxes = Array.from(document.querySelectorAll("main [tabindex='0']"));
      function measure() {
        boxes.forEach(function (box) {
          if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) {
            box.setAttribute("tabindex", "0");
          } else {
            box.removeAttribute("tabindex");
          }
        });
      }
      addEventListener("resize", measure);
      document.addEventListener("toggle", measure, true);
      document.fonts.ready.then(measure);
      addEventListener("beforeprint", function () {
        document.querySelectorAll("details:not(.data)").forEach(function (fold) {
          fold.open = true;
        });
      });
    })();
    """
}

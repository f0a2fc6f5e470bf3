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
      var last = null;
      function follow() {
        var best = null;
        targets.forEach(function (target, index) {
          if (!target) { return; }
          if (120 > target.getBoundingClientRect().top) { best = links[index]; }
        });
        // The last section may be too short to reach the top.
        var end = root.scrollHeight - innerHeight;
        if (end > 0) { if (scrollY >= end - 2) { best = links[links.length - 1]; } }
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
          best.scrollIntoView({ block: "nearest" });
        }
      }
      var waiting = false;
      addEventListener("scroll", function () {
        if (waiting) { return; }
        waiting = true;
        requestAnimationFrame(function () { waiting = false; follow(); });
      }, { passive: true });
      follow();
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
          if (event.key === "Escape") { open(false); }
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
          navigator.clipboard.writeText(pre.textContent).then(function () {
            button.textContent = "Copied";
            setTimeout(function () { button.textContent = "Copy"; }, 1500);
          });
        });
        box.appendChild(button);
      });
      addEventListener("beforeprint", function () {
        document.querySelectorAll("details:not(.data)").forEach(function (fold) {
          fold.open = true;
        });
      });
    })();
    """
}

// Small helps. Every page works without them.
(function () {
  "use strict";

  // The autofocus attribute does this already in newer browsers, hence after it had its turn and only where it did not.
  window.addEventListener("load", function () {
    requestAnimationFrame(function () {
      var summary = document.querySelector(".error-summary");
      if (summary && document.activeElement === document.body) summary.focus();
    });
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // All answers of a topic at once.
  document.querySelectorAll("[data-fold-all]").forEach(function (row) {
    row.hidden = false;
    row.querySelectorAll("[data-fold]").forEach(function (button) {
      button.addEventListener("click", function () {
        document.querySelectorAll(".questions > details").forEach(function (each) {
          each.open = button.dataset.fold === "open";
        });
      });
    });
  });

  // Questions offered while one types a search: the browser's own list, filled from the site's own index.
  document.querySelectorAll("input[data-suggest]").forEach(function (input) {
    var list = document.createElement("datalist"), timer, asked = "";
    list.id = input.id + "-suggestions";
    input.after(list);
    input.setAttribute("list", list.id);
    input.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var text = input.value.trim();
        if (text.length < 3 || text === asked) return;
        asked = text;
        fetch(input.dataset.suggest + "?q=" + encodeURIComponent(text))
          .then(function (answer) { return answer.ok ? answer.json() : { titles: [] }; })
          .then(function (found) {
            if (text !== asked) return;
            list.replaceChildren.apply(list, found.titles.map(function (title) {
              var option = document.createElement("option");
              option.value = title;
              return option;
            }));
          })
          .catch(function () { /* The search itself goes on working. */ });
      }, 250);
    });
  });
})();

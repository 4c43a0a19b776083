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
})();

// A progress bar for forms with data-upload. Without this script they are ordinary forms.
(function () {
  "use strict";

  function dress(form) {
    form.addEventListener("submit", function (event) {
      var input = form.querySelector("input[type=file]");
      var file = input && input.files[0];
      if (!file) { return; }
      event.preventDefault();
      if (file.size > Number(input.dataset.max)) { say(form, form.dataset.tooBig, true); input.focus(); return; }
      send(form);
    });
  }

  function say(form, words, isError) {
    var box = form.querySelector(".upload-words");
    if (!box) {
      box = document.createElement("div");
      form.insertBefore(box, form.querySelector(".button-row"));
    }
    box.className = "upload-words notice " + (isError ? "danger" : "info");
    box.setAttribute("role", isError ? "alert" : "status");
    box.textContent = words;
  }

  function send(form) {
    var request = new XMLHttpRequest();
    var bar = show(form, request);
    var told = 0;
    request.upload.addEventListener("progress", function (event) {
      if (!event.lengthComputable) { return; }
      var percent = Math.floor(100 * event.loaded / event.total);
      bar.value = percent;
      if (percent >= told + 10) { // a screen reader reads every change: ten times are enough
        told = percent - percent % 10;
        say(form, told + " " + form.dataset.done, false);
      }
    });
    request.upload.addEventListener("load", function () { say(form, form.dataset.checking, false); });
    request.addEventListener("load", function () { answered(form, request); });
    request.addEventListener("error", function () { over(form); say(form, form.dataset.broken, true); });
    request.addEventListener("abort", function () { over(form); say(form, form.dataset.cancelled, false); });
    request.open("POST", form.action || window.location.href);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.send(new FormData(form));
  }

  function show(form, request) {
    var box = document.createElement("div");
    box.className = "uploading";
    var label = document.createElement("label");
    label.htmlFor = "upload-progress";
    label.textContent = form.dataset.sending;
    var bar = document.createElement("progress");
    bar.id = "upload-progress";
    bar.max = 100;
    bar.value = 0;
    var cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "button button-secondary";
    cancel.textContent = form.dataset.cancel;
    cancel.addEventListener("click", function () { request.abort(); });
    box.append(label, bar, cancel);
    form.insertBefore(box, form.querySelector(".button-row"));
    form.querySelector("button[type=submit]").disabled = true;
    cancel.focus();
    return bar;
  }

  function over(form) {
    var box = form.querySelector(".uploading");
    if (box) { box.remove(); }
    var button = form.querySelector("button[type=submit]");
    button.disabled = false;
    button.focus();
  }

  function answered(form, request) {
    if (request.status === 201) {
      window.location.assign(JSON.parse(request.responseText).location);
      return;
    }
    var page = new DOMParser().parseFromString(request.responseText, "text/html");
    var content = page.getElementById("upload-page");
    if (!content) { over(form); say(form, form.dataset.broken, true); return; }
    document.title = page.title;
    document.getElementById("upload-page").replaceWith(content);
    document.querySelectorAll("form[data-upload]").forEach(dress);
    var alert = content.querySelector("[role=alert]");
    if (alert) { alert.tabIndex = -1; alert.focus(); }
  }

  document.querySelectorAll("form[data-upload]").forEach(dress);
})();

// The rich editor of answers: what it can make is what the server keeps. Without JavaScript the field holds HTML.
import {
  Bold, BulletList, Document, Dropcursor, Editor, Gapcursor, HardBreak, Heading, History, Italic, Link, ListItem, Menu,
  NoSpellCheck, OrderedList, Paragraph, Table, TableCell, TableHeader, TableRow, Text,
} from "../django_prose_editor/editor.js";

const EMPTY = /^<(\w+)(\s[^>]*)?><\/\1>$/;

// The policy keeps the browser from reading style attributes, so that what a word processor has marked by them alone
// would be lost, and its "b" that is none would make everything bold. What they say becomes elements here.
function plain(html) {
  const unstyled = html.replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)(style|on\w+)(?=\s*=)/gi, "$1data-$2"));
  const body = new DOMParser().parseFromString(unstyled, "text/html").body;
  const wrap = (element, name) => {
    const around = document.createElement(name);
    around.append(...element.childNodes);
    element.append(around);
  };
  body.querySelectorAll("[data-style]").forEach((element) => {
    const style = element.dataset.style;
    const weight = /font-weight\s*:\s*(\w+)/i.exec(style)?.[1].toLowerCase();
    const isBold = weight === "bold" || Number(weight) >= 600;
    if (element.matches("span") && isBold) wrap(element, "strong");
    if (element.matches("span") && /font-style\s*:\s*italic/i.test(style)) wrap(element, "em");
    delete element.dataset.style;
    if (element.matches("b, strong") && weight && !isBold) element.replaceWith(...element.childNodes);
  });
  return body.innerHTML;
}

function edit(textarea) {
  const frame = document.createElement("div");
  frame.className = "prose-editor";
  textarea.before(frame);
  frame.append(textarea);
  const editor = new Editor({
    element: frame,
    content: textarea.value,
    // The policy of the site allows no style element; the few rules stand in its style sheet.
    injectCSS: false,
    extensions: [
      Document, Dropcursor, Gapcursor, Paragraph, HardBreak, Text, History, Menu, NoSpellCheck, Bold, Italic, BulletList,
      OrderedList, ListItem, Table, TableRow, TableHeader, TableCell,
      Heading.configure({ levels: [3, 4] }),
      Link.configure({ enableTarget: false }),
    ],
    editorProps: {
      transformPastedHTML: plain,
      attributes: { role: "textbox", "aria-multiline": "true", "aria-labelledby": textarea.dataset.labelledby, lang: textarea.lang },
    },
    onUpdate({ editor: changed }) {
      const html = changed.getHTML();
      textarea.value = EMPTY.test(html) ? "" : html;
    },
  });
  return editor;
}

document.querySelectorAll("textarea[data-rich]").forEach(edit);

// Whoever leaves with something unsaved is asked first.
const form = document.querySelector("form[data-unsaved]");
if (form) {
  const state = () => JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  const before = state();
  let sent = false;
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && state() !== before) event.preventDefault();
  });
}

// The rich editor of answers: what it can make is what the server keeps. Without JavaScript the field holds HTML.
import {
  Bold, BulletList, Document, Dropcursor, Editor, Gapcursor, HardBreak, Heading, History, Italic, Link, ListItem, Menu,
  NoSpellCheck, OrderedList, Paragraph, Table, TableCell, TableHeader, TableRow, Text,
} from "../django_prose_editor/editor.js";

const EMPTY = /^<(\w+)(\s[^>]*)?><\/\1>$/;

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

/** JSON as a collapsible tree. Creates children when first opened: a record may have 100,000 of them. */

const OPEN_DEPTH = 4;
const MAX_OPEN_CHILDREN = 30;
const CHILDREN_AT_ONCE = 100;
const MAX_STRING_CHARS = 2_000;

/** The digits of a number that JavaScript cannot represent exactly. */
class ExactNumber {
  constructor(source) {
    this.source = source;
  }
}

/** The tree of a line of JSON. */
export function tree(line) {
  const value = JSON.parse(line, (key, parsed, context) =>
    typeof parsed === "number" && !Number.isSafeInteger(parsed) && context?.source ? new ExactNumber(context.source) : parsed);
  return children(value, 0);
}

function children(value, depth) {
  const list = document.createElement("ul");
  const entries = Object.entries(value);
  let made = 0;
  const more = document.createElement("button");
  const add = () => {
    const until = Math.min(entries.length, made + CHILDREN_AT_ONCE);
    for (; made < until; made++) {
      list.append(node(entries[made][0], entries[made][1], depth));
    }
    more.textContent = `${entries.length - made} more`;
    if (made === entries.length) {
      more.remove();
    } else {
      list.after(more);
    }
  };
  more.type = "button";
  more.addEventListener("click", add);
  queueMicrotask(add);
  return list;
}

function node(key, value, depth) {
  const item = document.createElement("li");
  if (value !== null && typeof value === "object" && !(value instanceof ExactNumber)) {
    item.append(branch(key, value, depth));
  } else {
    item.append(span("key", key), ": ", leaf(value));
  }
  return item;
}

function branch(key, value, depth) {
  const size = Object.keys(value).length;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const kind = Array.isArray(value) ? `[${size}]` : `{${size}}`;
  summary.append(span("key", key), " ", span("count", kind));
  details.append(summary);
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) {
      details.append(children(value, depth + 1));
    }
  });
  details.open = size > 0 && depth < OPEN_DEPTH && size <= MAX_OPEN_CHILDREN;
  return details;
}

function leaf(value) {
  if (value instanceof ExactNumber) {
    return span("number", value.source);
  }
  if (typeof value !== "string") {
    return span(value === null ? "null" : typeof value, String(value));
  }
  const shown = span("string", value.slice(0, MAX_STRING_CHARS));
  shown.dir = "auto";
  if (value.length > MAX_STRING_CHARS) {
    const rest = document.createElement("button");
    rest.type = "button";
    rest.textContent = `${value.length - MAX_STRING_CHARS} more characters`;
    rest.addEventListener("click", () => {
      shown.textContent = value;
    });
    shown.append("… ", rest);
  }
  return shown;
}

function span(kind, text) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  return element;
}

// The one editable text: a plain text field with its line numbers, and its problems below, each leading to its line.
// All words come as data and are set as text, never as HTML.
const PAUSE = 450 // milliseconds without a key, after which the text is sent
const FEW_LINES = 200 // a shorter text is pasted by the browser itself, which can take it back

function number(root, area, problems) {
  // one text for all lines: a node for each would be slow in a long text
  const worst = new Map()
  for (const one of problems) {
    if (worst.get(one.line) !== "error") worst.set(one.line, one.severity)
  }
  const count = area.value.split("\n").length
  const rows = Array.from({ length: count }, (_, at) => {
    const severity = worst.get(at + 1)
    return `${severity ? (severity === "error" ? "✕ " : "• ") : ""}${at + 1}`
  })
  const gutter = root.querySelector(".gutter")
  gutter.textContent = rows.join("\n")
  gutter.scrollTop = area.scrollTop
}

function leap(area, line, column) {
  const before = area.value.split("\n").slice(0, line - 1)
  const start = before.reduce((sum, text) => sum + text.length + 1, 0)
  const end = area.value.indexOf("\n", start)
  area.focus()
  area.setSelectionRange(start + Math.max(column - 1, 0), end < 0 ? area.value.length : end)
  const tall = parseFloat(getComputedStyle(area).lineHeight)
  area.scrollTop = Math.max((line - 4) * tall, 0)
}

function list(root, area, problems, data) {
  const whole = root.whole === data.stamp || problems.length <= data.few
  const rows = (whole ? problems : problems.slice(0, data.few)).map((one) => {
    const row = document.createElement("li")
    const button = document.createElement("button")
    button.type = "button"
    const place = document.createElement("span")
    place.className = one.severity
    place.textContent = `${one.severity === "error" ? "✕" : "•"} Line ${one.line}`
    button.append(place, `: ${one.message}`)
    button.onclick = () => leap(area, one.line, one.column)
    row.append(button)
    return row
  })
  root.querySelector("ol").replaceChildren(...rows)
  const more = root.querySelector(".more")
  more.hidden = whole
  more.textContent = whole ? "" : data.more
  more.onclick = () => {
    root.whole = data.stamp
    list(root, area, problems, data)
    root.querySelectorAll("li button")[data.few]?.focus()
  }
}

function save(area, name) {
  // as it stands by now: what the server was sent may be a few keys old
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([area.value], { type: "application/yaml" }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

export default function ({ data, setStateValue, parentElement: root }) {
  const area = root.querySelector("textarea")
  area.setAttribute("aria-label", data.label)
  area.maxLength = data.longest
  if (root.stamp !== data.stamp) {
    // a text that was put here from outside; what is typed stays as it is otherwise
    root.stamp = data.stamp
    area.value = data.text
  }
  const current = area.value === data.judged
  root.querySelector(".state").textContent = current ? data.state : "Checking …"
  if (current || root.numbered !== data.stamp) {
    root.problems = current ? data.problems : []
    list(root, area, root.problems, data)
  }
  root.numbered = data.stamp
  const download = root.querySelector(".save")
  download.textContent = data.save
  download.disabled = !area.value.trim()
  download.onclick = () => save(area, data.file)
  number(root, area, root.problems ?? [])

  const send = () => {
    clearTimeout(root.timer)
    setStateValue("text", area.value)
  }
  area.oninput = () => {
    // a page's own limit holds for what is typed and pasted, not for what a program puts there
    if (area.value.length > data.longest) area.value = area.value.slice(0, data.longest)
    number(root, area, root.problems ?? [])
    download.disabled = !area.value.trim()
    root.querySelector(".state").textContent = "Checking …"
    clearTimeout(root.timer)
    root.timer = setTimeout(send, PAUSE)
  }
  area.onpaste = (event) => {
    // a browser inserts a long text line by line, in a time that grows with their square; put there at once it is there at once
    const text = event.clipboardData?.getData("text/plain") ?? ""
    if (text.split("\n").length <= FEW_LINES) return
    event.preventDefault()
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end")
    area.oninput()
  }
  area.onblur = () => {
    if (root.querySelector(".state").textContent === "Checking …") send()
  }
  area.onscroll = () => {
    root.querySelector(".gutter").scrollTop = area.scrollTop
  }
  area.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey) return
    // a new line begins where the one before began
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1
    const indent = area.value.slice(start, area.selectionStart).match(/^ */)[0]
    if (!indent) return
    event.preventDefault()
    area.setRangeText(`\n${indent}`, area.selectionStart, area.selectionEnd, "end")
    area.oninput()
  }
}

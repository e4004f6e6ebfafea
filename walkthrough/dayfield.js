// The day of a page, in the browser's own field for a date. A day that is chosen is written into the address, and Streamlit is
// told to read it, as the browser's own Back would.
const PAUSE = 900 // milliseconds without a key: a year that is being typed is a day of the year 2, then 20, then 202

function go(field) {
  clearTimeout(field.waits)
  if (!field.value || field.value === field.shown) return
  // the browser says by itself which days there are
  if (!field.reportValidity()) return
  const to = new URL(location.href)
  to.searchParams.set("as_of", field.value)
  history.pushState({}, "", to)
  dispatchEvent(new PopStateEvent("popstate"))
}

export default function ({ data, parentElement: root }) {
  const field = root.querySelector("input")
  root.querySelector("span").textContent = data.label
  Object.assign(field, { min: data.oldest, max: data.newest })
  field.style.colorScheme = data.scheme
  // what somebody is typing stays while the page is drawn for another reason
  if (field.shown !== data.day) Object.assign(field, { shown: data.day, value: data.day })
  field.onpointerdown = () => { field.typing = false }
  field.onkeydown = (event) => {
    field.typing = true
    if (event.key === "Enter") go(field)
  }
  field.onchange = () => {
    clearTimeout(field.waits)
    field.waits = setTimeout(() => go(field), field.typing ? PAUSE : 0)
  }
  field.onblur = () => {
    if (field.validity.valid) go(field)
    else field.value = field.shown
  }
  return () => clearTimeout(field.waits)
}

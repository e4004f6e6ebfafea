// A link in words, like [Rivals](rivals?story=…), opens a new window in Streamlit. One that leads to a page of the app goes
// there in this window instead, as the browser's own Back would: the address is written, and Streamlit is told to read it.
let pages = new Set()

const parts = (url) => {
  const at = url.pathname.lastIndexOf("/") + 1
  return [url.pathname.slice(0, at), url.pathname.slice(at)]
}

function leads(event) {
  const link = event.target.closest?.("a[target=_blank]")
  if (!link || event.defaultPrevented) return null
  const to = new URL(link.href)
  const [folder, page] = parts(to)
  return to.origin === location.origin && folder === parts(location)[0] && pages.has(page) ? to : null
}

function follow(event) {
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
  const to = elsewhere ? null : leads(event)
  if (!to) return
  event.preventDefault()
  if (to.href !== location.href) history.pushState({}, "", to)
  dispatchEvent(new PopStateEvent("popstate"))
}

export default function ({ data }) {
  pages = new Set(data.pages)
  document.addEventListener("click", follow)
  return () => document.removeEventListener("click", follow)
}

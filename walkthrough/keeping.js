// Text in the visitor's own browser. `data.text` is null until this session knows what is kept: then it is
// read and sent once; afterwards it is written whenever it changes. Nothing of it is kept on the server.
// What another tab has written meanwhile is sent back first, and nothing is written over it unseen.
export default function ({ data, setStateValue, parentElement: root }) {
  let held = null
  try {
    held = window.localStorage.getItem(data.name) ?? ""
  } catch {
    // a browser that keeps nothing: the file that can be downloaded is left
  }
  if (data.text === null || (held !== null && root.known !== undefined && held !== root.known)) {
    root.known = held ?? ""
    setStateValue("held", root.known)
    return
  }
  root.known ??= held ?? ""
  if (data.text === root.known) return
  try {
    if (data.text) window.localStorage.setItem(data.name, data.text)
    else window.localStorage.removeItem(data.name)
    root.known = data.text
  } catch {
    setStateValue("refused", true)
  }
}

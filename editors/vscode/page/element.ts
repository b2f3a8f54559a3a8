type Child = Node | string

/** An element with a class and children. A text is put there as text, whatever it holds: nothing here is read as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  if (className !== "") made.className = className
  made.append(...children)
  return made
}

/** A button that does something. */
export function button(className: string, label: string, act: () => void): HTMLButtonElement {
  const made = element("button", className, label)
  made.type = "button"
  made.addEventListener("click", act)
  return made
}

/** What stands in the page itself. Throws when it does not: then the page is another one. */
export function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}.`)
  return found
}

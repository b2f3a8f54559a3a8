/** A longer script is not looked into. */
const LENGTH_MAX = 20_000

/** Whether a sed script only prints and changes what goes through it: no file is written, nothing runs. */
export function isHarmlessSed(script: string): boolean {
  if (script.length > LENGTH_MAX) return false
  let at = 0
  const skip = (pattern: RegExp) => {
    const found = pattern.exec(script.slice(at))
    if (found !== null && found.index === 0) at += found[0].length
    return found !== null && found.index === 0
  }
  while (at < script.length) {
    if (skip(/^[\s;{}]+/)) continue
    if (skip(/^#[^\n]*/)) continue
    if (!skipAddress()) return false
    skip(/^\s*!?\s*/)
    const command = script[at] ?? ""
    at += 1
    if (command === "s" || command === "y") {
      if (!skipDelimited(2)) return false
      skip(command === "s" ? /^[gpiImM0-9]*/ : /^/)
      if (!/^[\s;}]?$/.test(script[at] ?? "")) return false
    } else if (/^[=dDgGhHnNpPxzF{}]$/.test(command)) {
      if (!/^[\s;{}#]?$/.test(script[at] ?? "")) return false
    } else if (/^[qQlL]$/.test(command)) {
      skip(/^[ \t]*[0-9]*/)
    } else if (/^[btT:]$/.test(command)) {
      skip(/^[ \t]*[\w.-]*/)
    } else if (/^[aic]$/.test(command)) {
      // The rest of the line is text; a backslash goes on with the next one.
      if (!skip(/^(?:[^\\\n]|\\[\s\S])*/)) return false
    } else {
      return false
    }
  }
  return true

  function skipAddress(): boolean {
    for (let count = 0; count < 2; count += 1) {
      if (script[at] === "/" || script[at] === "\\") {
        if (script[at] === "\\") at += 1
        if (!skipDelimited(1)) return false
        skip(/^[IM]*/)
      } else skip(/^(?:[+~]?\d+(?:~\d+)?|\$)/)
      if (!skip(/^\s*,\s*/)) break
    }
    return true
  }

  /** The cursor stands at the delimiter. */
  function skipDelimited(parts: number): boolean {
    const delimiter = script[at] ?? ""
    if (delimiter === "" || delimiter === "\n" || delimiter === "\\") return false
    at += 1
    for (let part = 0; part < parts; part += 1) {
      let isClass = false
      for (;;) {
        const char = script[at]
        if (char === undefined) return false
        if (char === "\\") {
          at += 2
          continue
        }
        // In a class, sed's readers differ about a delimiter.
        if (char === "[" && part === 0) isClass = true
        if (char === "]") isClass = false
        at += 1
        if (char === delimiter) {
          if (isClass) return false
          break
        }
      }
    }
    return true
  }
}

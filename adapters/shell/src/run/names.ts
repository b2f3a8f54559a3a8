/** Folders of the system: a program there is meant by its name alone. */
const SYSTEM = /^(?:\/proc\/(?:self|thread-self|1|\d+)\/root)*\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/
const LOADERS =
  /^(?:\/proc\/(?:self|thread-self|1|\d+)\/root)*\/(?:usr\/)?lib(?:32|64|x32)?\/(?:[\w-]+\/)?(ld[^/]*\.so(?:\.\d+)*)$/

/** The name that rules know a program by. A path elsewhere stays: what lies there may be anything. */
export function programName(path: string | undefined): string | undefined {
  if (path === undefined || path === "") return undefined
  if (!path.includes("/")) return path
  const plain = normal(path)
  return SYSTEM.exec(plain)?.[1] ?? LOADERS.exec(plain)?.[1] ?? path
}

/** Without `//` and `/./`, and with `..` taken back. */
function normal(path: string): string {
  if (!path.startsWith("/")) return path
  const parts: string[] = []
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue
    if (part === "..") parts.pop()
    else parts.push(part)
  }
  return `/${parts.join("/")}`
}

/** Whether a path names a script or program of its own, not one of the system. */
export function isPath(name: string): boolean {
  return name.includes("/")
}

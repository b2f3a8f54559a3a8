import { join } from "node:path"

/**
 * Whether a person said that a file of secrets may be seen: an absolute path or one below the home (`~/`), also of a whole
 * folder, or a name or glob that the path ends with. Links in what was written are not followed.
 */
export function shownBy(patterns: readonly string[], home: string): (path: string) => boolean {
  const globs = patterns.flatMap((pattern) => {
    const path = pattern.startsWith("~/") ? join(home, pattern.slice(2)) : pattern
    const bare = path.replace(/\/+$/, "")
    const whole = bare.startsWith("/") ? bare : `/**/${bare.replace(/^\.\//, "")}`
    return [new Bun.Glob(whole), new Bun.Glob(`${whole}/**`)]
  })
  return (path) => globs.some((glob) => glob.match(path))
}

import { accessSync, constants, realpathSync } from "node:fs"
import { dirname, join } from "node:path"

const SYSTEM_FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin", "/run/current-system/sw/bin"]

/**
 * Absolute path of ripgrep: beside skein's own binary, from the npm package, or in a folder of the system. Never by PATH
 * and never from the session's folder, where a checkout could bring its own. Undefined when it is nowhere.
 * `executable` is skein's own binary.
 */
export function findRipgrep(executable: string): string | undefined {
  const beside = join(dirname(executable), "rg")
  const candidates = [beside, ...packaged(), ...SYSTEM_FOLDERS.map((folder) => join(folder, "rg"))]
  return candidates.find(isProgram)
}

/** Inside a compiled binary there are no packages, and looking for one would look on the machine's disk. */
function packaged(): readonly string[] {
  const here = import.meta.dir
  if (here.startsWith("/$bunfs")) return []
  try {
    const entry = realpathSync(Bun.resolveSync("@vscode/ripgrep", here))
    // The program is in a package of its own for each platform, a neighbour of this one.
    return [join(dirname(entry), "..", "..", `ripgrep-${process.platform}-${process.arch}`, "bin", "rg")]
  } catch (error) {
    if (error instanceof Error && error.name === "ResolveMessage") return []
    throw error
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    if (error instanceof Error && "code" in error) return false
    throw error
  }
}

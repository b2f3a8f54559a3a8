import { statSync } from "node:fs"
import { isAbsolute, join } from "node:path"

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "microsoft-edge-stable",
  "microsoft-edge",
]

/** A Chromium of this machine; never one that lies in the folder that is worked in, which anybody may have put there. */
export function chromiumIn(path: string, cwd: string): string | undefined {
  const folders = path
    .split(":")
    .filter((folder) => isAbsolute(folder) && folder !== cwd && !folder.startsWith(`${cwd}/`))
  for (const name of NAMES) {
    for (const folder of folders) {
      const program = join(folder, name)
      const there = statSync(program, { throwIfNoEntry: false })
      if (there?.isFile() === true && (there.mode & 0o111) !== 0) return program
    }
  }
  return undefined
}

export const NO_CHROMIUM =
  `There is no browser on this machine: none of ${NAMES.join(", ")} is on the PATH. Install one ` +
  "(apt-get install chromium, dnf install chromium, brew install --cask chromium). webfetch reads pages that need no scripts."

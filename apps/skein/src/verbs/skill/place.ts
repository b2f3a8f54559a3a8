import { existsSync, realpathSync } from "node:fs"
import { dirname, join } from "node:path"
import { gitRootOf } from "@skein/host"
import { isWithin, SkeinError } from "@skein/protocol"

/** Where skills are put: the person's own folder, or the project's. Throws SkeinError where a link leads out of the project. */
export function skillsFolder(
  isOfProject: boolean,
  { cwd, home }: { readonly cwd: string; readonly home: string },
): string {
  if (!isOfProject) return join(home, ".agents/skills")
  const root = gitRootOf(cwd) ?? cwd
  const folder = join(root, ".agents/skills")
  const there = [folder, dirname(folder)].find((one) => existsSync(one)) ?? root
  if (isWithin(realpathSync(there), realpathSync(root))) return folder
  throw new SkeinError("op.invalid", `${there} is a link out of the project. Nothing is put there.`)
}

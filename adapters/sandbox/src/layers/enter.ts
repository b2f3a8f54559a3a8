import { accessSync, constants } from "node:fs"
import { join } from "node:path"
import { lstat, reach, realpath } from "../paths.ts"

/** What lies over one real folder. `folder` holds `upper`, `work` and an empty `lower`. */
export interface Overlay {
  readonly root: string
  readonly folder: string
}

export interface Entrance {
  readonly unshare: string
  readonly mount: string
}

/** Never by PATH: a checkout could bring its own. */
const SYSTEM_FOLDERS = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/run/current-system/sw/bin"]

/** The programs that make a name space of mounts and mount in it. Undefined when one is missing. */
export function findEntrance(): Entrance | undefined {
  const [unshare, mount] = ["unshare", "mount"].map((name) =>
    SYSTEM_FOLDERS.map((folder) => join(folder, name)).find(isTrustworthy),
  )
  return unshare === undefined || mount === undefined ? undefined : { unshare, mount }
}

function isTrustworthy(path: string): boolean {
  const real = realpath(path)
  const found = real === undefined ? undefined : lstat(real)
  if (real === undefined || found?.isFile() !== true || (found.mode & 0o022) !== 0) return false
  return reach(() => accessSync(real, constants.X_OK) ?? true) === true
}

/**
 * What a whiteout or a renamed folder looks like must not depend on the kernel's defaults: no folder is moved by a note,
 * no file copied by half. `userxattr`: marks that an ordinary user may write. See the kernel's overlayfs.rst.
 */
const OPTIONS = "userxattr,redirect_dir=nofollow,metacopy=off,index=off,xino=off"

/**
 * Mounts each layer over its folder, in a name space that ends with the command, and becomes the command. Relative names,
 * because a comma or a colon in a path would be read as more options.
 */
const ENTER = `
mount=$1 cwd=$2 count=$3
shift 3
while [ "$count" -gt 0 ]; do
  cd "$2" || exit 125
  "$mount" -o bind "$1" "$2/lower" || exit 125
  "$mount" -t overlay -o ${OPTIONS},lowerdir=lower,upperdir=upper,workdir=work overlay "$1" || exit 125
  shift 2
  count=$((count - 1))
done
cd "$cwd" && [ "$(pwd -P)" = "$cwd" ] || exit 125
exec "$@"`

export interface Entering {
  readonly entrance: Entrance
  readonly overlays: readonly Overlay[]
  /** Root over folders of others: a name space for users knows no owner but its own. */
  readonly isOverOwners: boolean
  /** Absolute, without links. */
  readonly cwd?: string | undefined
}

/** The command, run in `cwd` where the layers are mounted. In there an ordinary user is root, of nothing but their own. */
export function entered({ entrance, overlays, isOverOwners, cwd = "/" }: Entering, argv: readonly string[]): string[] {
  const spaces = isOverOwners ? ["-m"] : ["-U", "-r", "-m"]
  const folders = overlays.flatMap(({ root, folder }) => [root, folder])
  const script = ["/bin/sh", "-c", ENTER, "sh", entrance.mount, cwd, String(overlays.length), ...folders]
  return [entrance.unshare, ...spaces, ...script, ...argv]
}

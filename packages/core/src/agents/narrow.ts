import { isWithin, MODES, type Mode, SANDBOXES, type Settings, type SettingsChange, SkeinError } from "@skein/protocol"

/** The one of two modes that lets less through. */
export function narrowerMode(a: Mode, b: Mode): Mode {
  return MODES.indexOf(a) <= MODES.indexOf(b) ? a : b
}

/** What has to change of a child's settings so that it may do no more than its parent; undefined where nothing has. */
export function narrowing(parent: Settings, child: Settings): SettingsChange | undefined {
  const mode = narrowerMode(parent.mode, child.mode)
  const isWider = SANDBOXES.indexOf(child.sandbox) > SANDBOXES.indexOf(parent.sandbox)
  const isOffline = parent.network?.access === "off" && child.network?.access !== "off"
  if (mode === child.mode && !isWider && !isOffline) return undefined
  return {
    ...(mode === child.mode ? {} : { mode }),
    ...(isWider ? { sandbox: parent.sandbox } : {}),
    ...(isOffline ? { network: parent.network } : {}),
  }
}

/** A person may narrow a child, never widen it beyond its parent. Throws SkeinError `op.invalid`. */
export function mustNotWiden(changes: SettingsChange, parent: Settings, parentRoots: readonly string[]): void {
  const { mode, sandbox, extraRoots = [] } = changes
  const isOutside = extraRoots.some((path) => !parentRoots.some((root) => isWithin(path, root)))
  const isWider =
    (mode !== undefined && narrowerMode(mode, parent.mode) !== mode) ||
    (sandbox !== undefined && SANDBOXES.indexOf(sandbox) > SANDBOXES.indexOf(parent.sandbox)) ||
    (changes.network !== undefined && parent.network?.access === "off" && changes.network.access !== "off")
  if (!isWider && !isOutside) return
  throw new SkeinError(
    "op.invalid",
    `A sub-agent may not do more than the session that began it, which is in mode ${parent.mode} with sandbox ${parent.sandbox}. Change that one first.`,
  )
}

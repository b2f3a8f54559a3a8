/** How the screen looks and behaves. */
export interface TuiValues {
  readonly theme: string
  /** Lines: nothing moves the cursor, for screen readers. */
  readonly screen: "inline" | "full" | "lines"
  readonly editing: "emacs" | "vim"
  /** By the name of the action; as written. */
  readonly keys: Readonly<Record<string, string>>
  readonly motion: "full" | "reduced"
  readonly glyphs: "auto" | "unicode" | "ascii"
  readonly images: "auto" | "off"
  readonly notify: "never" | "unfocused" | "always"
  /** Undefined: as the terminal takes it best. */
  readonly notifyBy?: readonly ("bell" | "osc" | "desktop")[] | undefined
  readonly statusCommand?: string | undefined
}

/** The same as TOML names it. */
export interface TuiTree {
  theme: string
  screen: TuiValues["screen"]
  editing: TuiValues["editing"]
  keys?: Record<string, string>
  motion: TuiValues["motion"]
  glyphs: TuiValues["glyphs"]
  images: TuiValues["images"]
  notify: TuiValues["notify"]
  notify_by?: ("bell" | "osc" | "desktop")[]
  status_command?: string
}

export function tuiOf({ keys = {}, notify_by, status_command, ...tui }: TuiTree): TuiValues {
  return { ...tui, keys, notifyBy: notify_by, statusCommand: status_command }
}

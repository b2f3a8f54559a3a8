/** What the screen needs of the machine it is on, besides the terminal. Everything may be slow: nothing waits for it on a key. */
export interface SystemPort {
  /** Says by which way, or why by none. `isSure` is false when nobody confirmed it. */
  copy(text: string): Promise<{ readonly way: string; readonly isSure: boolean } | { readonly failure: string }>
  paste(): Promise<Pasted>
  /** The text as the person left it, or why it is as it was. The terminal is theirs meanwhile. */
  edit(text: string): Promise<{ readonly text: string } | { readonly failure: string }>
  /** Calls the person, as they set it. Text of a model may be in it. */
  notify(title: string, body: string): Promise<void>
  /** Opens a link or a file as this machine opens such. What may not be opened is told, and never rejects. */
  visit(target: string): Promise<void>
  /** Paths of the workspace, ignore rules honoured, bounded; relative, folders with `/`. One that follows soon on another waits a little. */
  files(cwd: string): Promise<readonly string[]>
  /** The first line that the person's status command says of these facts; undefined without one. At most once a second. */
  status(facts: Readonly<Record<string, unknown>>): Promise<string | undefined>
  /** `main ±3`, or undefined outside of git. */
  branch(cwd: string): Promise<string | undefined>
  /** The beginning of a text file, or why there is none to show. */
  readText(path: string): Promise<{ readonly text: string } | { readonly note: string }>
  readImage(
    path: string,
  ): Promise<{ readonly mediaType: string; readonly data: string; readonly bytes: number } | undefined>
}

export type Pasted =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "image"; readonly mediaType: string; readonly data: string; readonly bytes: number }
  | { readonly kind: "files"; readonly paths: readonly string[] }
  | { readonly kind: "nothing"; readonly why: string }

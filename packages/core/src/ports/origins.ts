/** Where what holds came from, for a person who asks. Never a secret. */
export interface OriginsPort {
  /** All that is set in a folder, sorted by key; lists have a row an entry. */
  settings(path: string): readonly SettingOrigin[]
  /** By provider: where its key was found, for those whose key was looked for and found. */
  keys(): ReadonlyMap<string, string>
}

export interface SettingOrigin {
  readonly key: string
  /** As JSON. */
  readonly value: string
  /** `user: config.toml`, `flags: --model`, `defaults`. */
  readonly from: string
}

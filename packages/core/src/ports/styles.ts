import type { Place } from "./place.ts"

/** Output styles: how a model is to answer, in a text that stands with its instructions. */
export interface StylesPort {
  /** Those that can be chosen here, sorted by name. What the folder brings is among them only while it is trusted. */
  list(place: Place): Promise<readonly StyleInfo[]>
}

export interface StyleInfo {
  readonly name: string
  readonly summary: string
  readonly scope: "builtin" | "project" | "user" | "plugin"
}

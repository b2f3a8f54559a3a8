/** Text of a document that is made of pages, slides or sheets. */
export interface Units {
  readonly text: string
  readonly unit: string
  readonly units: number
  readonly notes: readonly string[]
}

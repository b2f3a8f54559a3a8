/** What a session can be about. */
export const TOPICS = [
  ...["feature", "bugfix", "refactoring", "testing", "performance", "security", "documentation", "design"],
  ...["review", "research", "build", "deployment", "data", "interface", "configuration", "other"],
] as const
export type Topic = (typeof TOPICS)[number]

/** What one is about: mostly `primary`, besides at most three others, and a few words of its own. */
export interface Topics {
  readonly primary: Topic
  readonly secondary: readonly Topic[]
  readonly keywords: readonly string[]
}

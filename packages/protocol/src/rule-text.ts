import type { Rule } from "./settings.ts"

/**
 * What a rule is about, for people, whole: the tool, all its conditions, and its end. What is shown as "always" is what is
 * kept. Not bounded, and as given: whoever shows it escapes and cuts it.
 */
export function ruleText(rule: Rule): string {
  const { expiresAt } = rule
  const until = expiresAt === undefined ? "" : `, until ${new Date(expiresAt).toISOString()}`
  return `${ruleSubject(rule)}${until}`
}

/** The same without its end: `bash: git push *`. */
export function ruleSubject({ tool, command, prefix, path, host, access, agent }: Rule): string {
  const begun = prefix?.map((word) => (typeof word === "string" ? word : `(${word.join("|")})`)).join(" ")
  const what = [
    command,
    begun === undefined ? undefined : `${begun} …`,
    access === undefined ? path : `${access} ${path ?? "any file"}`,
    host,
  ].filter((part) => part !== undefined)
  const whose = agent === undefined ? tool : `${tool} of ${agent}`
  return `${whose}: ${what.length === 0 ? "everything it does" : what.join(", ")}`
}

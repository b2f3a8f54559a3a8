import type { App } from "./app.ts"

/**
 * What is told of the place of a session and is not in its log: its files, its branch, what the person's own command says.
 * Asked when the session is on the screen and after each turn, never by a key; what is known so far is shown meanwhile.
 */
export async function lookAround(app: App): Promise<void> {
  const { link, options } = app
  if (link === undefined) return
  const { system, version } = options
  const { cwd } = link.facts
  const branch = system.branch(cwd).then((name) => {
    app.branch = name
    if (app.welcome !== undefined) app.welcome = { ...app.welcome, branch: name }
    return name
  })
  const files = Promise.all([system.files(cwd), import("../composer/files.ts")]).then(([found, { indexFiles }]) => {
    indexFiles(found)
    app.files = found
  })
  const status = branch.then(async (name) => {
    const { sessionId, title, settings, usage, microUsd, contextTokens, contextTokensMax } = link.facts
    const facts = { sessionId, title, cwd, branch: name, settings, usage, microUsd, contextTokens, contextTokensMax }
    app.ownStatus = await system.status({ version, ...facts })
  })
  for (const known of [branch, files, status]) await known.then(() => app.canvas.soon())
}

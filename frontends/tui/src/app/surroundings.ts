import { isNamingFile, withMenu } from "../composer/complete.ts"
import type { Desk } from "./desk.ts"
import { learnFiles } from "./file-links.ts"
import { pressContext } from "./press-context.ts"

/**
 * What is told of the place of a session and is not in its log: its files, its branch, what the person's own command says.
 * Asked when the session is on the screen and after what may have changed files, never by a key; what is known so far is shown meanwhile.
 */
export async function lookAround(app: Desk): Promise<void> {
  const { link, options, connected, full } = app
  if (link === undefined || connected === undefined) return
  const { system, version } = options
  const { cwd } = link.facts
  /** Another folder's may have come to be seen meanwhile. */
  const isHere = () => app.link?.facts.cwd === cwd
  const branch = system.branch(cwd).then((name) => {
    if (!isHere()) return name
    app.branch = name
    if (app.welcome !== undefined) app.welcome = { ...app.welcome, branch: name }
    return name
  })
  const files = Promise.all([system.files(cwd), import("@skein/fuzzy")]).then(([found, { indexFiles }]) => {
    if (!isHere()) return
    indexFiles(found)
    learnFiles(found)
    app.files = found
    // Unless one was walked to already.
    const isUntouched = (app.composer.menu?.selected ?? 0) <= 0
    if (isUntouched && isNamingFile(app.composer)) app.composer = withMenu(app.composer, pressContext(app))
  })
  const status = branch.then(async (name) => {
    const { sessionId, title, settings, usage, microUsd, contextTokens, contextTokensMax } = link.facts
    const facts = { sessionId, title, cwd, branch: name, settings, usage, microUsd, contextTokens, contextTokensMax }
    const line = await system.status({ version, ...facts })
    if (isHere()) app.ownStatus = line
  })
  const beside = full?.hasSidebar === true ? full.refresh(connected.engine) : Promise.resolve()
  await Promise.all([branch, files, status, beside].map((known) => known.then(() => app.canvas.soon())))
}

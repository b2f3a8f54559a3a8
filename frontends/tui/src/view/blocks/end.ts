import { namedChecks, type TurnCheck, verdictOf } from "@skein/protocol/turns"
import type { Line, Span } from "@skein/term"
import type { TurnEndBlock } from "../../transcript/block.ts"
import { counted, durationText, moneyText, shortCount } from "../amounts.ts"
import type { Look } from "../look.ts"
import { cutLine, lineWidth, textColumns } from "../text/line.ts"
import { safeLine } from "../text/safe.ts"
import { cutText } from "../text/width.ts"
import { wrap } from "../text/wrap.ts"
import { type BlockDrawing, hasRightColumn, rightEdge } from "./view.ts"

/** How a turn ended, what it cost, and what it can show for itself: commands that ran after the last change, or none. */
export function endLines(block: TurnEndBlock, { look }: BlockDrawing): Line[] {
  return [...outcomeLines(block, look), ...evidenceLines(block, look)]
}

function outcomeLines({ outcome, durationMs, steps, outputTokens, microUsd }: TurnEndBlock, look: Look): Line[] {
  const { theme, glyphs } = look
  const facts = [
    durationText(durationMs),
    counted(steps, "step"),
    // Not known, or nothing: where a model was not reached, or its server counts none.
    ...(outputTokens === 0 ? [] : [`${shortCount(outputTokens)} tokens written`]),
    ...(microUsd === undefined ? [] : [moneyText(microUsd)]),
  ]
  const plain = (head: string): Line[] => {
    const left: Line = [{ text: "  " }, { text: head, style: theme.strong }]
    const cost = joined(facts, ` ${glyphs.separator} `, look.columns - 4 - head.length)
    return [cutLine(cost === "" ? left : [...left, { text: `  ${cost}`, style: theme.dim }], look.columns, glyphs.more)]
  }
  const say = (head: Span, rest: readonly Span[]): Line[] => [
    ...wrap([head, ...rest], textColumns(look.columns)).map((line) => [{ text: "  " }, ...line]),
  ]
  switch (outcome.kind) {
    case "completed":
      return plain("Done")
    case "interrupted":
      if (outcome.message === undefined) return plain("Stopped")
      return say({ text: `${glyphs.unverified} `, style: theme.warning }, [{ text: safeLine(outcome.message) }])
    case "failed":
      return say({ text: `${glyphs.failed} Failed: `, style: theme.failed }, [{ text: safeLine(outcome.message) }])
    case "exhausted":
      return say({ text: `${glyphs.unverified} Stopped at a limit: `, style: theme.warning }, [
        { text: safeLine(outcome.message) },
      ])
  }
}

/** As many of them as there is room for. */
function joined(facts: readonly string[], separator: string, columns: number): string {
  const fitting = facts.filter((_, at) => facts.slice(0, at + 1).join(separator).length <= columns)
  return fitting.join(separator)
}

function evidenceLines({ changed, checks }: TurnEndBlock, look: Look): Line[] {
  const { theme, glyphs } = look
  if (changed.files === 0 && checks.length === 0) return []
  const isUnproven = changed.files > 0 && checks.length === 0
  return [
    [],
    ...shown(checks).map((check) => checkLine(check, changed.files > 0, look)),
    ...moreLines(checks, look),
    ...(isUnproven ? [row({ text: `${glyphs.unverified} unverified`, style: theme.warning }, UNPROVEN, "", look)] : []),
    ...(changed.files === 0 ? [] : [changedLine(changed, look)]),
  ]
}

const UNPROVEN = "no test, build or lint ran after the last edit"

const SHOWN_MAX = 4
const FAILED_MAX = 12

/** The newest, and before them every one that failed, in the order they ended. */
function shown(checks: readonly TurnCheck[]): readonly TurnCheck[] {
  return namedChecks(checks, { max: SHOWN_MAX, failedMax: FAILED_MAX })
}

/** `  ⋯ 3 more      2 verified, 1 stale` */
function moreLines(checks: readonly TurnCheck[], look: Look): Line[] {
  const kept = new Set(shown(checks))
  const left = checks.filter((check) => !kept.has(check)).map(verdictOf)
  if (left.length === 0) return []
  const counts = (["failed", "verified", "stale"] as const).flatMap((verdict) => {
    const count = left.filter((one) => one === verdict).length
    return count === 0 ? [] : [`${count} ${verdict}`]
  })
  return [row({ text: `${look.glyphs.more} ${left.length} more`, style: look.theme.dim }, counts.join(", "), "", look)]
}

function checkLine(check: TurnCheck, hasEdit: boolean, look: Look): Line {
  const { theme, glyphs } = look
  const { command, exitCode } = check
  const heads = {
    verified: { text: `${glyphs.done} verified`, style: theme.done },
    failed: { text: `${glyphs.failed} failed`, style: theme.failed },
    stale: { text: `${glyphs.unverified} stale`, style: theme.warning },
  }
  const when = check.isStale ? ", before the last edit" : hasEdit ? ", after the last edit" : ""
  return row(heads[verdictOf(check)], command, `exit ${exitCode}${when}`, look)
}

const HEAD_COLUMNS = 14

/** `  ✓ verified    npm test       exit 0, after the last edit` */
function row(head: Span, text: string, fact: string, look: Look): Line {
  const { theme, glyphs } = look
  const left: Line = [{ text: "  " }, { ...head, text: head.text.padEnd(HEAD_COLUMNS) }]
  const edge = rightEdge(look)
  const shownFact = hasRightColumn(look) ? fact : ""
  const room = edge - lineWidth(left) - (shownFact === "" ? 0 : shownFact.length + 2)
  const title = cutText(safeLine(text), Math.max(room, 0), glyphs.more)
  const gap = edge - lineWidth(left) - lineWidth([{ text: title }]) - shownFact.length
  const right = shownFact === "" ? [] : [{ text: " ".repeat(Math.max(gap, 2)) }, { text: shownFact, style: theme.dim }]
  return cutLine([...left, { text: title }, ...right], look.columns, glyphs.more)
}

function changedLine({ files, lines }: TurnEndBlock["changed"], look: Look): Line {
  const { theme, glyphs } = look
  const left: Line = [
    { text: "  " },
    { text: "changed".padEnd(HEAD_COLUMNS), style: theme.dim },
    { text: counted(files, "file") },
    ...(lines === undefined
      ? []
      : [
          { text: ` +${lines.added}`, style: theme.added },
          { text: ` ${glyphs.minus}${lines.removed}`, style: theme.removed },
        ]),
  ]
  const commands = "/diff  /undo"
  const gap = rightEdge(look) - lineWidth(left) - commands.length
  if (!hasRightColumn(look) || gap < 2) return cutLine(left, look.columns, glyphs.more)
  return [...left, { text: " ".repeat(gap) }, { text: commands, style: theme.dim }]
}

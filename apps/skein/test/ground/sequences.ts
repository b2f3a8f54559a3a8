import type { Recording } from "@skein/term/driven"
import { type Sequence, sequenceReader } from "@skein/term/emulator"

/**
 * What skein wrote that is none of its own kinds of sequences, made readable; nothing, whatever it had to show. Text that
 * would turn, hide or join what a person reads counts too. A link counts when it leads anywhere but to the web or to mail.
 */
export function foreignIn({ entries }: Recording): string[] {
  const bytes = Buffer.concat(entries.flatMap((entry) => ("bytes" in entry ? [entry.bytes] : [])))
  const others = Buffer.from(bytes.toString("latin1").replaceAll(PROBE, ""), "latin1")
  const found = sequenceReader().read(others).filter(isForeign)
  return [...new Set(found.map((sequence) => JSON.stringify(sequence)))]
}

function isForeign(sequence: Sequence): boolean {
  switch (sequence.kind) {
    case "text":
      return HIDDEN.test(sequence.text)
    case "control":
      return !"\r\n\b".includes(sequence.code)
    case "csi": {
      const { prefix, raw, intermediates, final } = sequence
      const whole = `${prefix}${raw}${intermediates}${final}`
      return final === "m" ? !isLook(prefix, raw) : !OWN.some((own) => own.test(whole))
    }
    case "osc":
      return !(sequence.number === 11 && sequence.text === "?") && !isPlainLink(sequence)
    default:
      return true
  }
}

/** Bold, dim, slanted, underlined, inverse, struck and colors: nothing that hides text or blinks. Or how keys are told. */
function isLook(prefix: string, raw: string): boolean {
  if (prefix !== "") return prefix === ">" && (raw === "4;2" || raw === "4")
  const plain = raw.replace(/(?<=^|;)[34]8;(5;\d+|2;\d+;\d+;\d+)(?=;|$)/g, "0")
  return (
    plain === "" || plain.split(";").every((one) => LOOKS.has(Number(one)) || (Number(one) >= 30 && Number(one) <= 107))
  )
}

const LOOKS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 7, 9, 22, 23, 24, 27, 29])

function isPlainLink({ number, text }: Extract<Sequence, { kind: "osc" }>): boolean {
  return number === 8 && /^;((https?:\/\/|mailto:)[\x21-\x7e]+)?$/.test(text)
}

/** Where the cursor and the last row are, in one breath: the cursor is put back, and nothing else may move it so. */
const PROBE = "\u001b[6n\u001b7\u001b[999;999H\u001b[6n\u001b8"

const HIDDEN = /[\u0080-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{E0000}-\u{E007F}]/u

const OWN: readonly RegExp[] = [
  // To where something changed, and what is wiped there: never all of the screen.
  ...[/^\d*[ABCDGK]$/, /^(\d+(;\d+)?)?H$/, /^J$/],
  // Paste marks, focus, light and dark, frames, the cursor, wrapping, the other screen, the mouse there.
  ...[/^\?(2004|1004|2031|2026|25|7|1049)[hl]$/, /^\?1002;1006[hl]$/],
  // How keys are told.
  ...[/^>5u$/, /^<u$/],
  // Its questions.
  ...[/^>0q$/, /^\?(2026|2004)\$p$/, /^\?u$/, /^c$/, /^6n$/],
]

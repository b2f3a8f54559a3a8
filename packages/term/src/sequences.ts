/** The window's title, and that of its tab. */
export function title(text: string): string {
  return `${OSC}0;${told(text, TITLE_MAX)}${BEL}`
}

/** The terminal's own call for attention. */
export function bell(): string {
  return BEL
}

/** A note to the person by the terminal: OSC 9 is iTerm's way, 777 that of rxvt, 99 that of kitty. A terminal knows one, or none. */
export function notification(way: "osc9" | "osc777" | "osc99", heading: string, body: string): string {
  const first = told(heading, NOTE_MAX)
  const rest = told(body, NOTE_MAX)
  if (way === "osc777") return `${OSC}777;notify;${first.replaceAll(";", ",")};${rest}${BEL}`
  const whole = rest === "" ? first : `${first}: ${rest}`
  if (way === "osc99") return `${OSC}99;;${whole}${ST}`
  // A number there is a progress bar to some.
  return `${OSC}9;${/^\d/.test(whole) ? ` ${whole}` : whole}${BEL}`
}

/** Puts text into the clipboard of the machine that the terminal is on. Undefined when it is more than terminals take. */
export function clipboard(text: string): string | undefined {
  const encoded = Buffer.from(text).toString("base64")
  return encoded.length > CLIPBOARD_MAX ? undefined : `${OSC}52;c;${encoded}${BEL}`
}

/** Text that leads somewhere when it is clicked. */
export function linked(url: string, text: string): string {
  return `${OSC}8;;${address(url)}${ST}${told(text, Number.POSITIVE_INFINITY)}${OSC}8;;${ST}`
}

/** A sequence for the terminal that tmux runs in. tmux lets it through where `allow-passthrough` is on. */
export function forTmux(sequence: string): string {
  return `${ESC}Ptmux;${sequence.replaceAll(ESC, `${ESC}${ESC}`)}${ST}`
}

/** As one line that controls nothing, wherever the text is from. */
function told(text: string, max: number): string {
  return [...text.slice(0, max).replace(CONTROLS, " ")].filter((one) => !LONE.test(one)).join("")
}

/** What an address cannot have is escaped; control characters cannot be in it at all. */
function address(url: string): string {
  return url.replace(CONTROLS, "").replace(/[^!-~]+/g, (part) => encodeURI(part.toWellFormed()))
}

const ESC = "\u001b"
const OSC = `${ESC}]`
const ST = `${ESC}\\`
const BEL = "\u0007"
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g
const LONE = /^[\ud800-\udfff]$/
/** Characters. */
const TITLE_MAX = 200
const NOTE_MAX = 500
/** Of base64: what most terminals take. */
const CLIPBOARD_MAX = 100_000

import { SkeinError } from "@skein/protocol"
import type { ServerSentEvent } from "./wire.ts"

/** Bytes in, events out; what is not whole yet waits for the next bytes. */
export interface SseDecoder {
  feed(bytes: Uint8Array): ServerSentEvent[]
  /**
   * No more bytes come. Gives an event that lacks only its closing blank line, as some servers leave it out; when it
   * was cut off instead, its data is cut JSON, which the reader of the data notices.
   */
  end(): ServerSentEvent[]
}

/** One event may take this many UTF-16 units; beyond it the sender is broken or hostile. */
const EVENT_UNITS_MAX = 64 * 1024 * 1024

/**
 * Server-sent events as the HTML standard parses them: LF, CRLF and CR end lines, one leading BOM is skipped, lines that
 * start with a colon are comments, several data lines join with LF. Takes a live stream and a whole captured file alike.
 */
export function sseDecoder(): SseDecoder {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true })
  let line = ""
  let event = ""
  let data: string | undefined
  let isAtStart = true
  let endedWithCr = false

  function feedText(decoded: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = []
    const text = withLfOnly(decoded)
    let start = 0
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      if (line !== "") {
        // Only new text is searched: a long line that comes in many pieces is joined once, at its end.
        const whole = line + text.slice(start, end)
        line = ""
        takeLine(whole, events)
      } else if (end === start) dispatch(events)
      else if (text.startsWith("data: ", start)) addData(text.slice(start + 6, end))
      else takeLine(text.slice(start, end), events)
      start = end + 1
    }
    if (start < text.length) line += start === 0 ? text : text.slice(start)
    if (line.length + (data?.length ?? 0) > EVENT_UNITS_MAX) throw tooLong()
    return events
  }

  function withLfOnly(decoded: string): string {
    let text = decoded
    if (isAtStart && text !== "") {
      isAtStart = false
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
    }
    if (endedWithCr && text !== "") {
      endedWithCr = false
      if (text.startsWith("\n")) text = text.slice(1)
    }
    if (text.indexOf("\r") === -1) return text
    endedWithCr = text.endsWith("\r")
    return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n")
  }

  function takeLine(whole: string, events: ServerSentEvent[]): void {
    if (whole === "") dispatch(events)
    else if (whole.startsWith("data:")) addData(whole.slice(whole.charCodeAt(5) === 32 ? 6 : 5))
    else if (whole.startsWith("event:")) event = whole.slice(whole.charCodeAt(6) === 32 ? 7 : 6)
    else if (whole === "data") addData("")
    else if (whole === "event") event = ""
  }

  function addData(value: string): void {
    data = data === undefined ? value : `${data}\n${value}`
  }

  function dispatch(events: ServerSentEvent[]): void {
    if (data !== undefined) events.push({ event, data })
    event = ""
    data = undefined
  }

  return {
    feed: (bytes) => feedText(utf8.decode(bytes, { stream: true })),
    end() {
      const events = feedText(utf8.decode())
      if (line !== "") takeLine(line, events)
      line = ""
      dispatch(events)
      return events
    },
  }
}

function tooLong(): SkeinError {
  return new SkeinError("provider.protocol", `The provider sent one event longer than ${EVENT_UNITS_MAX} characters`)
}

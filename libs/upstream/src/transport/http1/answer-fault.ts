/** An answer that means two things, or none. Only its kind is told: bytes of it never leave. */
export class AnswerFault extends Error {
  readonly kind: string;

  /** @param kind words of ours */
  constructor(kind: string) {
    super(kind);
    this.kind = kind;
  }
}

// What may stand out where a text is shown. Whether it does, and how, is known to whoever shows it.

export type Ink = 'good' | 'plain' | 'warning' | 'bad' | 'cause';

/** The text, dressed as it is to be seen. */
export type Paint = (ink: Ink, text: string) => string;

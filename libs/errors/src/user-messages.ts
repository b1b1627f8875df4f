/**
 * Sentences an app may show to its user, by key. English is complete; another language falls back to it.
 * Add a language by adding its member to each entry.
 */
const userMessages = {
  checkout_unavailable: {
    en: 'Checkout temporarily unavailable, try again',
    de: 'Der Bestellvorgang ist gerade nicht verfügbar, bitte versuchen Sie es erneut',
  },
  login_unavailable: {
    en: 'Sign-in temporarily unavailable, try again',
    de: 'Die Anmeldung ist gerade nicht verfügbar, bitte versuchen Sie es erneut',
  },
  payment_unavailable: {
    en: 'Payment temporarily unavailable, you have not been charged',
    de: 'Die Zahlung ist gerade nicht verfügbar, es wurde nichts abgebucht',
  },
  try_again: {
    en: 'Something is temporarily unavailable, try again',
    de: 'Etwas ist gerade nicht verfügbar, bitte versuchen Sie es erneut',
  },
} as const satisfies Record<string, Readonly<Record<string, string>> & { readonly en: string }>;

export type UserMessageKey = keyof typeof userMessages;

/**
 * Puts a user message into a language: a key of the catalogue is looked up, any other text is passed on.
 * @param language lower-case primary subtag, `de`; an unknown one means English
 */
export function localizedUserMessage(message: string, language: string): string {
  if (!isUserMessageKey(message)) return message;
  const entry: Readonly<Record<string, string>> & { readonly en: string } = userMessages[message];
  return (Object.hasOwn(entry, language) ? entry[language] : undefined) ?? entry.en;
}

/** Whether a user message is a key of the catalogue, and so its language is known. */
export function isUserMessageKey(message: string): message is UserMessageKey {
  return Object.hasOwn(userMessages, message);
}

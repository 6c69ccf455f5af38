// What a DNS server that knows no address of a name means by it. Node tells the two apart (the executable asks again).

/** ENODATA: the name is known, and has none of this kind. */
export type Missing = 'ENODATA' | 'ENOTFOUND';

/** @param told what the resolver has made of the answer */
export const missingName = async (
  told: Missing,
  _server: string,
  _host: string,
  _kind: 'A' | 'AAAA',
): Promise<Missing> => told;

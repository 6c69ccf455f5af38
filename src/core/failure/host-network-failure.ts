// The ways in which --host-network fails: there is nothing that names could lead to.
export type HostNetworkFailure =
  | {
      readonly kind: 'network-not-here';
      readonly network: string;
      /** The machine itself is left out of networks of some drivers; of a bridge it is another's. */
      readonly driver: string;
      /** Whose it is, where that is why. */
      readonly whose: 'a rootless engine' | undefined;
      readonly of: string;
    }
  /** The container is on no network with names. */
  | { readonly kind: 'no-names'; readonly service: string };

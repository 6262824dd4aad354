/** Addresses of network hardware. */
import * as sets from '../../../abi/sets.ts'

const kinds = sets.arp_hardware_types.values
/** How long addresses are by the kind of hardware, where it is known. */
export const hardwareLengths = new Map<number, number>(
  (
    [
      [1, ['ARCNET', 'CAIF', 'LOCALTLK', 'MCTP', 'PHONET', 'PHONET_PIPE']],
      [2, ['DLCI']],
      [4, ['IPDDP', 'IPGRE', 'IRDA', 'PIMREG', 'SIT', 'TUNNEL']],
      [5, ['ROSE', 'X25']],
      [
        6,
        [
          'ETHER',
          'FDDI',
          'HIPPI',
          'IEEE802',
          'IEEE80211',
          'IEEE80211_PRISM',
          'IEEE80211_RADIOTAP',
          'LOOPBACK',
        ],
      ],
      [7, ['AX25', 'NETROM']],
      [8, ['6LOWPAN', 'EUI64', 'IEEE802154', 'IEEE802154_MONITOR', 'VSOCKMON']],
    ] as const
  ).flatMap(([length, names]) => names.map(name => [kinds[`ARPHRD_${name}`], length] as const)),
)

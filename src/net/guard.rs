//! Where requests may go: addresses of the internet, and those of the own network only where that is meant.
//!
//! A feed's file, a page or a redirect may name any address, those of machines inside the office too. An address written
//! as figures is judged before each request and at each redirect; a name is judged by what it resolves to, and what was
//! judged is what is connected to, so a name that changes its answer in between gains nothing. Ports are free: portals
//! stand on many.

use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};
use thiserror::Error;
use url::{Host, Url};

/// Redirects followed.
const HOPS: usize = 8;

/// What lies at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkZone {
    /// The internet.
    Public,
    /// This machine or the networks of its house.
    Private,
    /// What no source can stand at: multicast, link-local, the clouds' services that give out credentials, tests.
    Barred,
}

/// Why a request was not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// Not the web: the scheme it leads to.
    #[error("it leads to {0}, and only http and https are fetched")]
    Scheme(String),
    /// The own network, where that is not said to be meant.
    #[error("{host} is on a private network ({ip})")]
    Private {
        /// The host, as the address writes it.
        host: String,
        /// Where it is.
        ip: IpAddr,
    },
    /// Nowhere a source can be.
    #[error("{host} is at {ip}, where no source can be")]
    Barred {
        /// The host, as the address writes it.
        host: String,
        /// Where it is.
        ip: IpAddr,
    },
    /// One redirect after the other.
    #[error("the redirects lead nowhere: more than {HOPS} of them")]
    Hops,
}

/// Decides about addresses.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate {
    /// Hosts that may be on the own network, as a URL writes them.
    pub known: Vec<String>,
}

impl Gate {
    /// Judges what an address alone tells; of a name, nothing but its scheme.
    pub fn check(&self, url: &Url) -> Result<(), Refused> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refused::Scheme(format!("{}:", url.scheme())));
        }
        match url.host() {
            Some(Host::Ipv4(ip)) => self.judge(url.host_str().unwrap_or_default(), ip.into()),
            Some(Host::Ipv6(ip)) => self.judge(url.host_str().unwrap_or_default(), ip.into()),
            Some(Host::Domain(_)) => Ok(()),
            None => Err(Refused::Scheme("an address without a host".into())),
        }
    }

    /// Judges one address of a host.
    fn judge(&self, host: &str, ip: IpAddr) -> Result<(), Refused> {
        match NetworkZone::of(ip) {
            NetworkZone::Public => Ok(()),
            NetworkZone::Private if self.known.iter().any(|known| known == host) => Ok(()),
            NetworkZone::Private => Err(Refused::Private { host: host.to_owned(), ip }),
            NetworkZone::Barred => Err(Refused::Barred { host: host.to_owned(), ip }),
        }
    }

    /// Judges each redirect before it is followed.
    pub fn redirects(self) -> redirect::Policy {
        redirect::Policy::custom(move |attempt| {
            // The first of the previous addresses is the one that was asked for.
            match self.check_redirect(attempt.url(), attempt.previous().len()) {
                Ok(()) => attempt.follow(),
                Err(refused) => attempt.error(refused),
            }
        })
    }

    /// Judges where a redirect leads after so many requests.
    pub fn check_redirect(&self, to: &Url, requests: usize) -> Result<(), Refused> {
        if requests > HOPS { Err(Refused::Hops) } else { self.check(to) }
    }

    /// What may be connected to of what a name resolves to.
    fn filter(&self, host: &str, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        let (mut open, mut refused) = (Vec::new(), None);
        for address in found {
            match self.judge(host, address.ip()) {
                Ok(()) => open.push(address),
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(refused) if open.is_empty() => Err(refused),
            _ => Ok(open),
        }
    }
}

/// Resolves names by the system, and gives only what may be connected to.
#[derive(Debug)]
pub(super) struct Names(pub Arc<Gate>);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let gate = Arc::clone(&self.0);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let open = gate.filter(name.as_str(), found.into_iter())?;
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

/// The hosts of the proxies that the environment names: whoever starts the program chose them. Behind a proxy it is the
/// proxy that resolves names, so it is the proxy that must keep them in bounds.
pub(super) fn proxies() -> Vec<String> {
    ["http_proxy", "https_proxy", "all_proxy"]
        .into_iter()
        .flat_map(|name| [name.to_owned(), name.to_ascii_uppercase()])
        .filter_map(|name| std::env::var(name).ok())
        .filter_map(|value| Url::parse(&value).or_else(|_| Url::parse(&format!("http://{value}"))).ok())
        .filter_map(|url| url.host_str().map(str::to_owned))
        .collect()
}

/// A refusal anywhere among an error's causes.
pub(super) fn refusal<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Refused> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(refused) = error.downcast_ref() {
            return Some(refused);
        }
        next = error.source();
    }
    None
}

impl NetworkZone {
    /// What lies at an address, by the IANA special-purpose registries; an address that carries another is where that is.
    pub fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => zone_v4(ip),
            IpAddr::V6(ip) => zone_v6(ip),
        }
    }
}

fn zone_v4(ip: Ipv4Addr) -> NetworkZone {
    match ip.octets() {
        // Alibaba's and Azure's services for their machines.
        [100, 100, 100, 200] | [168, 63, 129, 16] => NetworkZone::Barred,
        // This network, link-local with the clouds' metadata, protocol assignments, documentation, 6to4 relays.
        [0, ..] | [169, 254, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 51, 100, _] | [203, 0, 113, _] => {
            NetworkZone::Barred
        }
        // Multicast, reserved, broadcast.
        [224..=255, ..] => NetworkZone::Barred,
        // Loopback, RFC 1918, carrier-grade NAT, and the benchmarking range, which tunnels use as a private one.
        [127 | 10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] | [198, 18 | 19, ..] => {
            NetworkZone::Private
        }
        _ => NetworkZone::Public,
    }
}

fn zone_v6(ip: Ipv6Addr) -> NetworkZone {
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        zone_v4(Ipv4Addr::new(a, b, c, d))
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => NetworkZone::Barred,
        [0, 0, 0, 0, 0, 0, 0, 1] => NetworkZone::Private,
        // IPv4 mapped, compatible and translated; NAT64; 6to4.
        [0, 0, 0, 0, 0, 0 | 0xFFFF, a, b] | [0, 0, 0, 0, 0xFFFF, 0, a, b] | [0x64, 0xFF9B, 0, 0, 0, 0, a, b] => {
            v4(a, b)
        }
        [0x2002, a, b, ..] => v4(a, b),
        // NAT64 of a house's own prefix may lead anywhere in it.
        [0x64, 0xFF9B, 1, ..] => NetworkZone::Private,
        // The metadata services of two clouds.
        [0xFD00, 0xEC2, 0, 0, 0, 0, 0, 0x254] | [0xFD20, 0xCE, 0, 0, 0, 0, 0, 0x254] => NetworkZone::Barred,
        // Unique local, and the site-local of old.
        [0xFC00..=0xFDFF | 0xFEC0..=0xFEFF, ..] => NetworkZone::Private,
        // ISATAP: an IPv4 address behind a fixed mark.
        [.., 0 | 0x200, 0x5EFE, a, b] => v4(a, b),
        // All that is global unicast begins with 001; of it Teredo, ORCHID, benchmarking and documentation are none.
        [0x2001, 0..=0x1FF, ..] | [0x2001, 0xDB8, ..] | [0x3FFF, 0..=0xFFF, ..] => NetworkZone::Barred,
        [0x2000..=0x3FFF, ..] => NetworkZone::Public,
        _ => NetworkZone::Barred,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn literal(host: &str) -> NetworkZone {
        let url = Url::parse(&format!("http://{host}/")).unwrap();
        match url.host().unwrap() {
            Host::Ipv4(ip) => NetworkZone::of(ip.into()),
            Host::Ipv6(ip) => NetworkZone::of(ip.into()),
            Host::Domain(name) => panic!("{name} is taken for a name"),
        }
    }

    #[rstest]
    #[case("127.0.0.1")]
    #[case("127.255.255.254")]
    #[case("0x7f.1")]
    #[case("0177.0.0.1")]
    #[case("2130706433")]
    #[case("127.1")]
    #[case("127.0.0.1.")]
    #[case("１２７.0.0.1")]
    #[case("%31%32%37.0.0.1")]
    #[case("127。0。0。1")]
    #[case("10.0.0.1")]
    #[case("172.16.0.1")]
    #[case("172.31.255.255")]
    #[case("192.168.1.1")]
    #[case("3232235777")]
    #[case("100.64.0.1")]
    #[case("100.127.255.255")]
    #[case("198.18.0.1")]
    #[case("[::1]")]
    #[case("[::ffff:127.0.0.1]")]
    #[case("[::ffff:7f00:1]")]
    #[case("[::ffff:0:10.0.0.1]")]
    #[case("[::10.0.0.1]")]
    #[case("[64:ff9b::10.0.0.1]")]
    #[case("[64:ff9b:1::1]")]
    #[case("[2002:0a00:0001::1]")]
    #[case("[2400:3200::5efe:192.168.0.1]")]
    #[case("[fc00::1]")]
    #[case("[fdff::1]")]
    #[case("[fec0::1]")]
    fn private(#[case] host: &str) {
        assert_eq!(literal(host), NetworkZone::Private);
    }

    #[rstest]
    #[case("0.0.0.0")]
    #[case("0")]
    #[case("0.1.2.3")]
    #[case("169.254.169.254")]
    #[case("0xa9fea9fe")]
    #[case("100.100.100.200")]
    #[case("168.63.129.16")]
    #[case("192.0.0.192")]
    #[case("192.0.2.1")]
    #[case("224.0.0.1")]
    #[case("239.255.255.250")]
    #[case("240.0.0.1")]
    #[case("255.255.255.255")]
    #[case("[::]")]
    #[case("[::ffff:169.254.169.254]")]
    #[case("[2002:a9fe:a9fe::]")]
    #[case("[64:ff9b::a9fe:a9fe]")]
    #[case("[fe80::1]")]
    #[case("[febf::1]")]
    #[case("[ff02::1]")]
    #[case("[fd00:ec2::254]")]
    #[case("[2001::1]")]
    #[case("[2001:db8::1]")]
    #[case("[100::1]")]
    fn barred(#[case] host: &str) {
        assert_eq!(literal(host), NetworkZone::Barred);
    }

    #[rstest]
    #[case("1.1.1.1")]
    #[case("172.15.255.255")]
    #[case("172.32.0.1")]
    #[case("100.63.255.255")]
    #[case("100.128.0.1")]
    #[case("223.255.255.255")]
    #[case("[2400:3200::1]")]
    #[case("[64:ff9b::1.1.1.1]")]
    #[case("[2002:101:101::1]")]
    fn public(#[case] host: &str) {
        assert_eq!(literal(host), NetworkZone::Public);
    }

    #[test]
    fn of_a_name_only_what_is_open_is_connected_to() {
        let [public, private, metadata] = ["1.1.1.1:0", "10.0.0.1:0", "169.254.169.254:0"].map(|a| a.parse().unwrap());
        let gate = Gate::default();
        assert_eq!(gate.filter("a", [private, public, metadata].into_iter()).unwrap(), [public]);
        assert!(matches!(gate.filter("a", [metadata, private].into_iter()), Err(Refused::Private { .. })));
        let known = Gate { known: vec!["a".into()] };
        assert_eq!(known.filter("a", [private, metadata].into_iter()).unwrap(), [private]);
        assert!(matches!(known.filter("a", [metadata].into_iter()), Err(Refused::Barred { .. })));
        assert!(known.filter("b", [private].into_iter()).is_err());
    }

    #[test]
    fn only_the_web_is_fetched() {
        for place in ["file:///etc/passwd", "ftp://1.1.1.1/", "gopher://1.1.1.1/", "data:text/html,x", "unix:/run/x"] {
            let refused = Gate::default().check(&Url::parse(place).unwrap());
            assert!(matches!(refused, Err(Refused::Scheme(_))), "{place}");
        }
    }

    proptest! {
        /// However an IPv4 address is wrapped, it is where it is.
        #[test]
        fn a_wrapped_address_is_judged_as_the_bare_one(bits: u32) {
            let bare = Ipv4Addr::from(bits);
            let ([a, b], low) = ([(bits >> 16) as u16, bits as u16], NetworkZone::of(bare.into()));
            prop_assert_eq!(NetworkZone::of(bare.to_ipv6_mapped().into()), low);
            prop_assert_eq!(NetworkZone::of(Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1).into()), low);
            prop_assert_eq!(NetworkZone::of(Ipv6Addr::new(0x64, 0xFF9B, 0, 0, 0, 0, a, b).into()), low);
        }

        /// What the standard library calls loopback, private, link-local, multicast or unspecified is never public.
        #[test]
        fn nothing_special_is_public(v4: u32, v6: u128) {
            let ip = Ipv4Addr::from(v4);
            let special = ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_multicast()
                || ip.is_unspecified() || ip.is_broadcast() || ip.is_documentation();
            prop_assert!(!(special && NetworkZone::of(ip.into()) == NetworkZone::Public));
            let ip = Ipv6Addr::from(v6);
            let special = ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_multicast();
            prop_assert!(!(special && NetworkZone::of(ip.into()) == NetworkZone::Public));
        }
    }
}

//! `kind = "qr"`: an address to be scanned.

use super::{frame::ZoneFrame, report::Report, settings::ZoneSettings, words::check_colour};
use crate::config::fault::Severity;
use fast_qr::{ECL, QRBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

/// Modules that are free around a code on each side, as the standard asks for.
const QUIET_MODULES: u32 = 4;

/// An address as a QR code, drawn in whole pixels a module and as large as the zone allows.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QrZone {
    /// The address it leads to, such as `https://www.example.gov.cn/gk`.
    pub address: String,
    /// Colour of the modules, `#rrggbb`.
    pub colour: String,
    /// Colour of the ground, `#rrggbb`; lighter than the modules, or phones do not read it.
    pub ground: String,
}

/// The modules of a code, the free ones around it included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrModules {
    /// Modules along a side.
    pub side: u32,
    /// Whether each is dark, row by row from the upper left corner.
    pub dark: Vec<bool>,
}

impl Default for QrZone {
    fn default() -> Self {
        Self { address: String::new(), colour: "#000000".into(), ground: "#ffffff".into() }
    }
}

impl QrZone {
    /// The code of its address for a square of so many pixels, the free modules included: the largest modules of whole
    /// pixels, and of codes with equal ones the best correction. `None` where none fits.
    pub fn modules(&self, pixels: u32) -> Option<QrModules> {
        let quiet = QUIET_MODULES as usize;
        let made = |level| QRBuilder::new(self.address.as_str()).ecl(level).build().ok();
        let scale = |code: &fast_qr::QRCode| pixels as usize / (code.size + 2 * quiet);
        let codes = [ECL::L, ECL::M, ECL::Q].into_iter().filter_map(made).filter(|code| scale(code) > 0);
        let code = codes.max_by_key(scale)?;
        let inner = code.size;
        let side = inner + 2 * quiet;
        let mut dark = vec![false; side * side];
        for (y, row) in code.data.chunks(inner).take(inner).enumerate() {
            for (x, module) in row.iter().enumerate() {
                if let Some(place) = dark.get_mut((y + quiet) * side + x + quiet) {
                    *place = module.value();
                }
            }
        }
        Some(QrModules { side: u32::try_from(side).ok()?, dark })
    }
}

impl ZoneSettings for QrZone {
    fn check(&self, frame: &ZoneFrame, report: Report<'_>) {
        check_colour("colour", &self.colour, report);
        check_colour("ground", &self.ground, report);
        if brightness(&self.ground) <= brightness(&self.colour) {
            let mend = "write a light ground and dark modules, such as #ffffff and #000000".to_owned();
            report(Severity::Warning, "ground", "the ground is no lighter than the modules".into(), mend);
        }
        if self.address.is_empty() {
            let mend = "add address = \"https://…\"".to_owned();
            return report(Severity::Error, "address", "the code leads nowhere".into(), mend);
        }
        let (wide, high) = frame.inner();
        let room = wide.min(high);
        if self.modules(room).is_none() {
            let message = match self.modules(u32::MAX) {
                Some(code) => format!("the code needs {} pixels along a side, the zone has {room}", code.side),
                None => "the address is too long for a code".to_owned(),
            };
            report(Severity::Error, "address", message, "shorten the address, or make the zone larger".into());
        }
    }
}

/// The channels of `#rrggbb` added up.
fn brightness(colour: &str) -> u32 {
    let channel = |at: usize| colour.get(at..at + 2).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
    channel(1) + channel(3) + channel(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_eyes_and_free_modules_around_it() {
        let zone = QrZone { address: "https://example.invalid/gk".into(), ..QrZone::default() };
        let code = zone.modules(200).unwrap();
        let dark = |x: u32, y: u32| code.dark[(y * code.side + x) as usize];
        let far = code.side - 5;
        // The outer edges of the eyes: seven dark modules in a row.
        let edge = |x: u32, y: u32| (0..7).all(|i| dark(x + i, y));
        let eyes = [edge(4, 4), edge(far - 6, 4), edge(4, far), edge(far - 6, far)];
        assert_eq!(eyes, [true, true, true, false], "three corners of four");
        assert!((0..code.side).all(|i| !dark(i, 3) && !dark(3, i) && !dark(i, far + 1) && !dark(far + 1, i)));
        let sides = [37, 36].map(|pixels| zone.modules(pixels).map(|code| code.side));
        assert_eq!(sides, [Some(37), Some(33)], "correction gives way to room");
        assert_eq!(zone.modules(28), None);
    }
}

//! Which graphics interface to use, and what can go wrong with it.

use thiserror::Error;

/// Which graphics interfaces may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BackendPreference {
    /// Vulkan first, then OpenGL ES; hardware of either before software of either.
    #[default]
    Any,
    /// Vulkan only.
    Vulkan,
    /// OpenGL ES only.
    Gl,
}

impl BackendPreference {
    /// Reads `WGPU_BACKEND`: `vulkan` or `gl`; anything else is [`BackendPreference::Any`].
    pub fn from_env() -> Self {
        std::env::var("WGPU_BACKEND").map_or(Self::Any, |name| Self::named(&name))
    }

    /// Whether the environment names an interface.
    pub(super) fn is_named() -> bool {
        std::env::var_os("WGPU_BACKEND").is_some_and(|name| !name.is_empty())
    }

    fn named(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "vulkan" | "vk" => Self::Vulkan,
            "gl" | "gles" | "opengl" => Self::Gl,
            "" => Self::Any,
            other => {
                tracing::warn!("WGPU_BACKEND={other} is not known; use vulkan or gl. Both are tried now.");
                Self::Any
            }
        }
    }

    /// The interfaces in the order tried.
    pub(super) fn backends(self) -> &'static [wgpu::Backends] {
        match self {
            Self::Any => &[wgpu::Backends::VULKAN, wgpu::Backends::GL],
            Self::Vulkan => &[wgpu::Backends::VULKAN],
            Self::Gl => &[wgpu::Backends::GL],
        }
    }

    /// The Debian packages that bring a driver.
    fn packages(self) -> &'static str {
        match self {
            Self::Any => {
                "mesa-vulkan-drivers and libvulkan1 for Vulkan, or libegl1 and libgl1-mesa-dri for OpenGL ES (WGPU_BACKEND=gl)"
            }
            Self::Vulkan => "mesa-vulkan-drivers and libvulkan1",
            Self::Gl => "libegl1 and libgl1-mesa-dri",
        }
    }
}

/// Why nothing can be drawn.
#[derive(Debug, Error)]
pub enum GpuError {
    /// No driver, or none that can show pictures in the window.
    #[error("no graphics driver was found; install the Debian packages {}", choice.packages())]
    NoAdapter {
        /// What was looked for.
        choice: BackendPreference,
    },
    /// The driver gives no device.
    #[error("{adapter} gives no device ({reason}); update its driver or try WGPU_BACKEND=gl")]
    Device {
        /// The adapter's name as its driver says it.
        adapter: String,
        /// What it said.
        reason: String,
    },
    /// The window cannot be drawn in.
    #[error("the window cannot be drawn in ({reason}); update the graphics driver or try WGPU_BACKEND=gl")]
    Surface {
        /// What the driver said.
        reason: String,
    },
    /// The window is larger than what the device draws at once, and there is no other way to show it.
    #[error(
        "the window is {width} × {height} pixels, {adapter} draws at most {limit} a side, and drawing it in parts \
         failed ({reason}); give the screen at most {limit} pixels a side, or split the wall over several windows"
    )]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// The adapter's name as its driver says it.
        adapter: String,
        /// The longest side that the device draws at once, pixels.
        limit: u32,
        /// Why it could not be drawn in parts.
        reason: String,
    },
    /// The device is gone: make a new one, with a new renderer and new targets.
    #[error("the graphics device was lost; a new one is needed")]
    Lost,
    /// The window takes no picture at the moment; draw again at the next frame.
    #[error("the window takes no picture at the moment")]
    Skipped,
    /// The picture cannot be copied back.
    #[error("the picture cannot be read back ({reason}); update the graphics driver or try WGPU_BACKEND=gl")]
    Readback {
        /// What the driver said.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names() {
        assert_eq!(BackendPreference::named("Vulkan"), BackendPreference::Vulkan);
        assert_eq!(BackendPreference::named("gl"), BackendPreference::Gl);
        assert_eq!(BackendPreference::named("dx12"), BackendPreference::Any);
    }

    #[test]
    fn names_the_packages_in_one_sentence() {
        let text = GpuError::NoAdapter { choice: BackendPreference::Any }.to_string();
        for package in ["mesa-vulkan-drivers", "libvulkan1", "libegl1", "libgl1-mesa-dri"] {
            assert!(text.contains(package), "{text}");
        }
        assert!(!text.contains('\n') && !text.contains(". "), "{text}");
    }
}

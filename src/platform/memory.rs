//! How much memory the program holds, and keeping that little.

/// Heaps the C library's allocator, which SQLite and the graphics driver use, may keep. It gives each thread one of its own, up to eight a core, and each keeps what was once
/// freed in it: after reading one large feed that is tens of megabytes for good.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HEAPS: libc::c_int = 2;

/// Has the C library keep few heaps. Called once, before there are threads.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the C library's setting has no safe wrapper")]
pub fn keep_memory_small() {
    // SAFETY: mallopt takes two integers and may be called at any time.
    let set = unsafe { libc::mallopt(libc::M_ARENA_MAX, HEAPS) };
    if set == 0 {
        tracing::debug!("the C library does not take M_ARENA_MAX");
    }
}

/// Gives the system what the C library has free; our own allocator does that by itself: after a large feed was read, or an old snapshot let go.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the C library's call has no safe wrapper")]
pub fn give_back_memory() {
    // SAFETY: malloc_trim takes a size and may be called at any time, from any thread.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_memory_small() {}

/// Other allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back_memory() {}

/// Resident memory in MiB; `None` where the system does not tell.
pub fn resident_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kb| kb / 1024.0)
}

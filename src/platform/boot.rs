//! Which start of the machine this is.

/// The system's name for this start of the machine; `None` where it has none.
pub fn boot_id() -> Option<String> {
    // Linux; made by the kernel at each start, read without a disk.
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

//! The two primitives that 256-bit division rests on, and the only `unsafe` code of the project.
//!
//! On chain the virtual machine does both far cheaper than WASM could; elsewhere ruint does.
//! Both answer zero for a divisor of zero, as the EVM does; callers refuse it before they get here.

use alloy_primitives::U256;

#[cfg(target_arch = "wasm32")]
mod primitives {
    use alloy_primitives::{B256, U256};

    #[link(wasm_import_module = "vm_hooks")]
    unsafe extern "C" {
        fn math_div(value: *mut u8, divisor: *const u8);
        fn math_mul_mod(value: *mut u8, multiplier: *const u8, modulus: *const u8);
    }

    #[inline(never)]
    pub(crate) fn div(a: U256, b: U256) -> U256 {
        let (mut value, divisor) = (B256::from(a), B256::from(b));
        // SAFETY: both pointers are to 32 bytes that live through the call; the first is ours to write.
        unsafe { math_div(value.as_mut_ptr(), divisor.as_ptr()) };
        value.into()
    }

    #[inline(never)]
    pub(crate) fn mul_mod(a: U256, b: U256, modulus: U256) -> U256 {
        let (mut value, multiplier, modulus) = (B256::from(a), B256::from(b), B256::from(modulus));
        // SAFETY: all three pointers are to 32 bytes that live through the call; the first is ours to write.
        unsafe { math_mul_mod(value.as_mut_ptr(), multiplier.as_ptr(), modulus.as_ptr()) };
        value.into()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod primitives {
    use alloy_primitives::U256;

    pub(crate) fn div(a: U256, b: U256) -> U256 {
        a.checked_div(b).unwrap_or_default()
    }

    pub(crate) fn mul_mod(a: U256, b: U256, modulus: U256) -> U256 {
        a.mul_mod(b, modulus)
    }
}

/// `floor(a / b)`, zero where `b` is zero.
pub(crate) fn div(a: U256, b: U256) -> U256 {
    primitives::div(a, b)
}

/// `(a * b) mod modulus` of the full 512-bit product, zero where `modulus` is zero.
pub(crate) fn mul_mod(a: U256, b: U256, modulus: U256) -> U256 {
    primitives::mul_mod(a, b, modulus)
}
